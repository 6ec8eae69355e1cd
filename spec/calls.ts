/** What a CPU can be told to do beside sending messages: the parts of the schema that `scenario.ts` puts together. */

export const node = { type: 'string', description: 'the name of a node' } as const;

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
    description: 'a process gives the node of its control socket a name (bind)',
    additionalProperties: false,
    required: ['bind'],
    properties: {
      bind: {
        type: 'object',
        additionalProperties: false,
        required: ['node', 'name'],
        properties: { node, name: { type: 'string', minLength: 1 } },
      },
    },
  },
  {
    type: 'object',
    description:
      'a process that has the control socket of a node connects its data socket to that node, or to the one at the end of a path (connect)',
    additionalProperties: false,
    required: ['connectdata'],
    properties: {
      connectdata: {
        type: 'object',
        additionalProperties: false,
        required: ['node'],
        properties: { node, path: { type: 'string', description: 'where to; without it to its own node' } },
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
    description: 'the interface of an ether gets another name, and so does its node',
    additionalProperties: false,
    required: ['rename'],
    properties: {
      rename: {
        type: 'object',
        additionalProperties: false,
        required: ['node', 'name'],
        properties: { node, name: { type: 'string', pattern: '^[^.:\\[]+$' } },
      },
    },
  },
  {
    type: 'object',
    description: 'the interface of an ether moves to another network stack, where its new node has another name',
    additionalProperties: false,
    required: ['move'],
    properties: {
      move: {
        type: 'object',
        additionalProperties: false,
        required: ['node', 'name'],
        properties: { node, name: { type: 'string', pattern: '^[^.:\\[]+$' } },
      },
    },
  },
  {
    type: 'object',
    description: 'the link of the interface of an ether comes up, or goes down',
    additionalProperties: false,
    required: ['linkstate'],
    properties: {
      linkstate: {
        type: 'object',
        additionalProperties: false,
        required: ['node', 'up'],
        properties: { node, up: { type: 'boolean' } },
      },
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
        properties: {
          rule: { type: 'integer', minimum: 0, maximum: 3 },
          by: { type: 'string', description: 'the ether by whose interface it has come; without it by none' },
        },
      },
    },
  },
] as const;
