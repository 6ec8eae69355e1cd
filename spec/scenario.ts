import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { optionalClaims } from './asked.ts';
import { callSchemas } from './calls.ts';
import { commandSchemas } from './commands.ts';

export { build, ScenarioError } from './build.ts';

/**
 * A scenario: a graph, what each CPU does, and how much memory there is. It knows no design. The schema says what can be
 * said of each part by itself; that the parts fit together is checked when the graph is built.
 */

const operationSchemas = [...callSchemas, ...commandSchemas] as const;

const anySchema = {
  type: 'object',
  description: 'one of these operations: each is tried',
  additionalProperties: false,
  required: ['any'],
  properties: { any: { type: 'array', minItems: 1, items: { oneOf: operationSchemas } } },
} as const;

export const scenarioSchema = {
  $id: 'scenario',
  type: 'object',
  additionalProperties: false,
  required: ['description', 'nodes', 'links', 'cpus', 'ngthreads', 'items', 'packets'],
  properties: {
    $schema: { type: 'string' },
    description: {
      type: 'string',
      minLength: 1,
      description: 'one sentence: what happens, and what it is meant to show',
    },
    nodes: {
      description: 'the nodes by name',
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]*$' },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['type'],
        properties: {
          type: {
            enum: ['hole', 'patch', 'hub', 'iface', 'socket', 'tee', 'one2many', 'nat', 'source', 'ether', 'ipfw'],
          },
          name: { type: 'string', pattern: '^[^.:\\[]+$', description: 'the name that it has in the name hash' },
          forceWriter: { type: 'boolean', description: 'NGF_FORCE_WRITER: every item is applied as a writer' },
          persistent: { type: 'boolean', description: 'a hub that stays when its last hook has gone' },
          all: { type: 'boolean', description: 'a one2many that sends to all links, not to one after the other' },
          data: { type: 'boolean', description: 'a socket with a data socket beside the control socket, connected' },
          nolinger: { type: 'boolean', description: 'a socket whose node goes with its last hook' },
          packets: { type: 'integer', minimum: 1, maximum: 3, description: 'how many packets a source sends' },
          queued: {
            description: 'hooks with HK_QUEUE: data for them goes through the queue',
            type: 'array',
            items: { type: 'string' },
          },
        },
      },
    },
    links: {
      description: 'pairs of hooks, each "node:hook"; made in this order, each new hook at the head of its list',
      type: 'array',
      items: {
        type: 'array',
        minItems: 2,
        maxItems: 2,
        items: { type: 'string', pattern: '^[^:]+:[^:]+$' },
      },
    },
    cpus: {
      description: 'what each CPU does, one operation after the other',
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['run'],
        properties: {
          name: { type: 'string', minLength: 1 },
          run: {
            type: 'array',
            minItems: 1,
            items: {
              oneOf: [...operationSchemas, anySchema],
            },
          },
        },
      },
    },
    ngthreads: { type: 'integer', minimum: 0, maximum: 8, description: 'how many ngthreads there are' },
    stack: {
      type: 'integer',
      minimum: 1,
      maximum: 7,
      description: 'how many nested calls of ng_apply_item a thread has stack for; without it: any number',
    },
    items: { type: 'integer', minimum: 0, maximum: 64, description: 'how many messages and functions can be sent' },
    packets: { type: 'integer', minimum: 0, maximum: 64, description: 'how many packets there can be, copies counted' },
    newNodes: { type: 'integer', minimum: 0, maximum: 64, description: 'how many nodes can be made in the run' },
    hooks: { type: 'integer', minimum: 0, maximum: 64, description: 'how many hooks can be made in the run' },
    hash: {
      description: 'the hash tables: without it each node has a bucket of its own, and no table grows',
      type: 'object',
      additionalProperties: false,
      properties: {
        ids: { enum: [1, 2, 4, 8, 16], description: 'buckets of the ID hash' },
        names: { enum: [1, 2, 4, 8, 16], description: 'buckets of the name hash' },
        tables: { type: 'integer', minimum: 0, maximum: 64, description: 'how many tables can be made in the run' },
      },
    },
    reuse: { type: 'boolean', description: 'whether freed memory is handed out once more' },
    claims: {
      description: 'claims that this scenario makes beside those that all make',
      type: 'array',
      items: { enum: optionalClaims },
    },
    covers: {
      description: 'properties of kind "sometimes" that some state must show',
      type: 'array',
      items: { enum: ['data-delivered'] },
    },
  },
} as const satisfies JSONSchema;

export type Scenario = FromSchema<typeof scenarioSchema>;

/** What a CPU is told to do at a time. */
export type Turn = Scenario['cpus'][number]['run'][number];

/** One thing that a CPU does. */
export type Act = Exclude<Turn, { any: unknown }>;

/** What it can come to that a CPU does in its turn. */
export const actsOf = (turn: Turn): readonly Act[] => ('any' in turn ? turn.any : [turn]);

/** The nodes whose processes connect their data sockets in the run. */
export const connecting = ({ cpus }: Scenario): readonly string[] =>
  cpus.flatMap(({ run }) => run.flatMap(actsOf).flatMap((act) => ('connectdata' in act ? [act.connectdata.node] : [])));
