import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/**
 * The form of a saved counterexample. It carries all that is needed to walk the run again after the scenario file was edited
 * and the specification went on: names only, never a number that means something inside the explorer.
 */
export const counterexampleSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A run of the model that breaks a property',
  type: 'object',
  additionalProperties: false,
  required: ['schemaVersion', 'scenario', 'design', 'property', 'message', 'expect', 'fingerprint', 'schedule'],
  properties: {
    schemaVersion: { const: 1 },
    scenario: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'definition'],
      properties: {
        name: { type: 'string' },
        definition: { type: 'object', description: 'the whole scenario, as its file was when the run was found' },
      },
    },
    design: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'off', 'switches'],
      properties: {
        name: { type: 'string' },
        off: {
          type: 'array',
          items: { type: 'string' },
          description: 'protections of the design that were switched off',
        },
        switches: {
          type: 'object',
          additionalProperties: { type: 'boolean' },
          description:
            'the switches that were on when the run was found, for readers; a replay takes the design as it is today',
        },
      },
    },
    property: { type: 'string', description: 'the property that the run breaks' },
    message: { type: 'string', description: 'what goes wrong, one sentence' },
    expect: { enum: ['still fails', 'fixed'], description: 'what a replay is expected to find today' },
    fingerprint: {
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the specification, comments and blank lines left out, that the run was found on',
    },
    preemptions: {
      type: 'integer',
      minimum: 0,
      description: 'how often another CPU goes on although the one before could; a run that was made minimal says it',
    },
    schedule: {
      type: 'array',
      description: 'who does what, in order',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['cpu', 'step'],
        properties: {
          cpu: { type: 'string' },
          step: { type: 'string', description: 'procedure: access #occurrence' },
          picks: {
            type: 'array',
            items: { type: 'integer', minimum: 0 },
            description: 'which alternatives were taken where the step has several',
          },
        },
      },
    },
  },
} as const satisfies JSONSchema;

export type Counterexample = FromSchema<typeof counterexampleSchema>;
