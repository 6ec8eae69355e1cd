/** What a CPU can be told to do beside sending messages: the parts of the schema that `scenario.ts` puts together. */

const node = { type: 'string', description: 'the name of a node' } as const;

export const callSchemas = [
  {
    type: 'object',
    description: 'the network stack goes, and all nodes with it (vnet_netgraph_uninit)',
    additionalProperties: false,
    required: ['teardown'],
    properties: { teardown: { type: 'object', additionalProperties: false, properties: {} } },
  },
  {
    type: 'object',
    description: 'a process closes the control socket of a node, or its data socket',
    additionalProperties: false,
    required: ['close'],
    properties: {
      close: {
        type: 'object',
        additionalProperties: false,
        required: ['node'],
        properties: { node, data: { type: 'boolean', description: 'the data socket, not the control socket' } },
      },
    },
  },
  {
    type: 'object',
    description: 'a process sends a packet by a data socket',
    additionalProperties: false,
    required: ['sendto'],
    properties: {
      sendto: {
        type: 'object',
        additionalProperties: false,
        required: ['node'],
        properties: {
          node,
          hook: { type: 'string', description: 'by which hook; without it by the only one there is' },
        },
      },
    },
  },
] as const;
