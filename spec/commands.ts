import { node } from './calls.ts';

/** The control messages that a CPU can be told to send: the parts of the schema that `scenario.ts` puts together. */

/** A control message goes to `node` by its ID, or to what is at the end of `path`. Its sender waits if there is a socket, `from`. */
const to = {
  node,
  path: { type: 'string', description: 'an address as ngctl takes it, like "name:hook.hook"' },
  from: { type: 'string', description: 'a node of type socket: send through it, and wait until all has been applied' },
} as const;
const hook = { type: 'string', description: 'the name of one of its hooks' } as const;

export const commandSchemas = [
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
    description: 'the control message NGM_MKPEER: makes a node of a type and links it; a "failing" one cannot be made',
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
    description: 'a control message of a type of its own; one2many: to `all` links or to one after the other',
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
              'NGM_ETHER_GET_IFNAME',
              'NGM_ETHER_SET_PROMISC',
              'NGM_ETHER_DETACH',
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
  {
    type: 'object',
    description: 'the control message NGM_TEXT_STATUS, which goes down to the type: none that is modelled knows it',
    additionalProperties: false,
    required: ['textstatus'],
    properties: { textstatus: { type: 'object', additionalProperties: false, properties: to } },
  },
  {
    type: 'object',
    description: 'the control message NGM_TEXT_CONFIG, likewise; it is applied as a writer',
    additionalProperties: false,
    required: ['textconfig'],
    properties: { textconfig: { type: 'object', additionalProperties: false, properties: to } },
  },
] as const;
