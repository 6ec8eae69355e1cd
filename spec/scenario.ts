import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { callSchemas } from './calls.ts';

import { optionalClaims } from './asked.ts';

export { build, ScenarioError } from './build.ts';

/**
 * A scenario: a graph, what each CPU does, and how much memory there is. It knows no design. The schema says what can be
 * said of each part by itself; that the parts fit together is checked when the graph is built.
 */

const node = { type: 'string', description: 'the name of a node' } as const;

/** A control message goes to `node` by its ID, or to what is at the end of `path`. Its sender waits if there is a socket, `from`. */
const to = {
  node,
  path: { type: 'string', description: 'an address as ngctl takes it, like "name:hook.hook"' },
  from: { type: 'string', description: 'a node of type socket: send through it, and wait until all has been applied' },
} as const;
const hook = { type: 'string', description: 'the name of one of its hooks' } as const;

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
          data: { type: 'boolean', description: 'a socket with a data socket beside the control socket' },
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
              oneOf: [
                ...callSchemas,
                {
                  type: 'object',
                  description: 'the stack sends a packet out of an interface',
                  additionalProperties: false,
                  required: ['send'],
                  properties: {
                    send: { type: 'object', additionalProperties: false, required: ['node'], properties: { node } },
                  },
                },
                {
                  type: 'object',
                  description: 'a frame comes in by an ether',
                  additionalProperties: false,
                  required: ['input'],
                  properties: {
                    input: { type: 'object', additionalProperties: false, required: ['node'], properties: { node } },
                  },
                },
                {
                  type: 'object',
                  description: 'the stack sends a frame by an ether',
                  additionalProperties: false,
                  required: ['output'],
                  properties: {
                    output: { type: 'object', additionalProperties: false, required: ['node'], properties: { node } },
                  },
                },
                {
                  type: 'object',
                  description: 'the interface of an ether goes away',
                  additionalProperties: false,
                  required: ['detach'],
                  properties: {
                    detach: { type: 'object', additionalProperties: false, required: ['node'], properties: { node } },
                  },
                },
                {
                  type: 'object',
                  description: 'a packet meets the rule of the firewall with a number',
                  additionalProperties: false,
                  required: ['filter'],
                  properties: {
                    filter: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['rule'],
                      properties: { rule: { type: 'integer', minimum: 0, maximum: 3 } },
                    },
                  },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_RMHOOK',
                  additionalProperties: false,
                  required: ['rmhook'],
                  properties: {
                    rmhook: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['hook'],
                      properties: { ...to, hook },
                    },
                  },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_SHUTDOWN',
                  additionalProperties: false,
                  required: ['shutdown'],
                  properties: { shutdown: { type: 'object', additionalProperties: false, properties: to } },
                },
                {
                  type: 'object',
                  description:
                    'the control message NGM_CONNECT: links `hook` of the node to `peerhook` of the node at the end of `peer`',
                  additionalProperties: false,
                  required: ['connect'],
                  properties: {
                    connect: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['hook', 'peer', 'peerhook'],
                      properties: {
                        ...to,
                        hook,
                        peer: { type: 'string', description: 'the name of a node, or an address from the node' },
                        peerhook: hook,
                      },
                    },
                  },
                },
                {
                  type: 'object',
                  description:
                    'the control message NGM_MKPEER: makes a node of a type and links it; a "failing" one cannot be made',
                  additionalProperties: false,
                  required: ['mkpeer'],
                  properties: {
                    mkpeer: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['hook', 'type', 'peerhook'],
                      properties: {
                        ...to,
                        hook,
                        type: {
                          enum: ['hole', 'patch', 'hub', 'one2many', 'nat', 'ether', 'ipfw', 'socket', 'failing'],
                        },
                        peerhook: hook,
                      },
                    },
                  },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_NAME',
                  additionalProperties: false,
                  required: ['name'],
                  properties: {
                    name: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['name'],
                      properties: { ...to, name: { type: 'string', description: 'the name to give it' } },
                    },
                  },
                },
                {
                  type: 'object',
                  description:
                    'a control message of a type of its own; one2many: to `all` links or to one after the other',
                  additionalProperties: false,
                  required: ['configure'],
                  properties: {
                    configure: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['command'],
                      properties: {
                        ...to,
                        command: {
                          enum: [
                            'NGM_HUB_SET_PERSISTENT',
                            'NGM_ONE2MANY_SET_CONFIG',
                            'NGM_NAT_SET_IPADDR',
                            'NGM_TEE_GET_STATS',
                            'NGM_SOCK_CMD_NOLINGER',
                          ],
                        },
                        all: { type: 'boolean' },
                      },
                    },
                  },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_NODEINFO',
                  additionalProperties: false,
                  required: ['nodeinfo'],
                  properties: { nodeinfo: { type: 'object', additionalProperties: false, properties: to } },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_LISTTYPES',
                  additionalProperties: false,
                  required: ['listtypes'],
                  properties: { listtypes: { type: 'object', additionalProperties: false, properties: to } },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_LISTHOOKS',
                  additionalProperties: false,
                  required: ['listhooks'],
                  properties: { listhooks: { type: 'object', additionalProperties: false, properties: to } },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_LISTNODES',
                  additionalProperties: false,
                  required: ['listnodes'],
                  properties: { listnodes: { type: 'object', additionalProperties: false, properties: to } },
                },
                {
                  type: 'object',
                  description: 'the control message NGM_LISTNAMES',
                  additionalProperties: false,
                  required: ['listnames'],
                  properties: { listnames: { type: 'object', additionalProperties: false, properties: to } },
                },
              ],
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
    newNodes: { type: 'integer', minimum: 0, description: 'how many nodes can be made in the run' },
    hooks: { type: 'integer', minimum: 0, description: 'how many hooks can be made in the run' },
    hash: {
      description: 'the hash tables: without it each node has a bucket of its own, and no table grows',
      type: 'object',
      additionalProperties: false,
      properties: {
        ids: { enum: [1, 2, 4, 8, 16], description: 'buckets of the ID hash' },
        names: { enum: [1, 2, 4, 8, 16], description: 'buckets of the name hash' },
        tables: { type: 'integer', minimum: 0, description: 'how many tables can be made in the run' },
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
