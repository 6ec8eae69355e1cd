/** Which published design is under check: one text of the procedures, told apart by switches. */

export const switches = {
  gate: 'what is sent directly enters the gate of the node, and leaves it when it has been applied (ng_base.c:2360-2363, 2541-2544)',
  'address-under-topology-lock':
    'ng_address_hook goes from hook to peer under the topology lock, as a reader (3656, 3677)',
  'address-in-epoch': 'ng_address_hook goes from hook to peer in an epoch section (3655, 3676)',
  'findhook-in-epoch': 'ng_findhook walks the list of hooks in an epoch section (1169, 1179)',
  'node-mutex': 'a hook is taken off the list of its node under node_mtx (1255-1258)',
  'deferred-free': 'nodes and hooks are freed by NET_EPOCH_CALL and not at once (837, 1079)',
  'functions-in-epoch': 'an ngthread stays in its epoch section while it applies a function item (3497-3502)',
} as const satisfies Record<string, string>;

export type Switch = keyof typeof switches;
export type Switches = Readonly<Record<Switch, boolean>>;
export type Design = { readonly description: string; readonly switches: Switches };

export const designs: Readonly<Record<string, Design>> = {
  upstream: {
    description:
      'FreeBSD 14 with the function items of 2024 (rG46f38a6dedb1): topology lock, gate, memory freed at once',
    switches: {
      gate: true,
      'address-under-topology-lock': true,
      'address-in-epoch': false,
      'findhook-in-epoch': false,
      'node-mutex': false,
      'deferred-free': false,
      'functions-in-epoch': false,
    },
  },
  gsoc23: {
    description:
      'zinh88/epoch-netgraph 4a9599c, the newest of the GSoC 2023 branch: epoch sections, no gate, memory freed later',
    switches: {
      gate: false,
      'address-under-topology-lock': false,
      'address-in-epoch': true,
      'findhook-in-epoch': true,
      'node-mutex': true,
      'deferred-free': true,
      'functions-in-epoch': true,
    },
  },
};
