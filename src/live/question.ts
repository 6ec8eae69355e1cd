import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** What the page may ask: what a path shows, or how it goes on from there to the next failure or to where a predicate holds. */
export const questionSchema = {
  $id: 'question',
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string' },
    until: {
      oneOf: [
        { const: 'failure' },
        { type: 'object', additionalProperties: false, required: ['holds'], properties: { holds: { type: 'string' } } },
      ],
    },
  },
} as const satisfies JSONSchema;

export type Question = FromSchema<typeof questionSchema>;
