/** Which published design is under check: one text of the procedures, told apart by switches. */

export const switches = {
  gate: 'what is sent directly enters the gate of the node, and leaves it when it has been applied (ng_base.c:2360-2363, 2541-2544)',
  'address-under-topology-lock':
    'ng_address_hook goes from hook to peer under the topology lock, as a reader (3656, 3677)',
  'address-in-epoch': 'ng_address_hook goes from hook to peer in an epoch section (3655, 3676)',
  'path-under-topology-lock': 'each hop of ng_path2noderef holds the topology lock, as a writer (1850-1895)',
  'path-in-epoch': 'each hop of ng_path2noderef is in an epoch section of its own (1851-1896)',
  'path-in-one-epoch': 'ng_path2noderef, ng_address_path and ng_address_ID are in an epoch section from begin to end',
  'findhook-in-epoch': 'ng_findhook walks the list of hooks in an epoch section (1169, 1179)',
  'findhook-returns-inside': 'ng_findhook returns a hook from within its section, which stays open (1171-1175)',
  'findhook-first':
    'ng_findhook returns the first hook whatever its name; its section closes if that is the right one (1171-1175)',
  'findhook-method-in-epoch': 'ng_findhook calls the method of a type in the section, and not before it (1166-1168)',
  'node-mutex': 'a hook is taken off the list of its node under node_mtx (1255-1258)',
  'count-after-mutex': 'nd_numhooks is counted down after node_mtx has been given back (1257)',
  'deferred-free': 'nodes and hooks are freed by NET_EPOCH_CALL and not at once (837, 1079)',
  'queue-mutex-in-callback': 'q_mtx is destroyed when the node is freed, and not before (834)',
  'type-mutex': 'refs of a type is counted down under a mutex of the type (821)',
  'functions-in-epoch': 'an ngthread stays in its epoch section while it applies a function item (3497-3502)',
  'apply-in-epoch': 'ng_apply_item and ng_generic_msg are in an epoch section from begin to end',
  'send-in-epoch': 'ng_send_fn and ng_send_fn2 are in an epoch section from begin to end',
  'make-in-epoch':
    'what makes and destroys hooks and links, ng_rmnode and ng_rmnode_self are in an epoch section from begin to end',
  'unbraced-exits':
    'where NET_EPOCH_EXIT was put in front of a return without braces, the function always returns: ng_rmnode, ng_rmnode_self, ng_con_nodes, ng_send_fn2',
} as const satisfies Record<string, string>;

export type Switch = keyof typeof switches;
export type Switches = Readonly<Record<Switch, boolean>>;
export type Design = { readonly description: string; readonly switches: Switches };

/** The switches that are on; the others are off. */
const withOn = (...on: readonly Switch[]): Switches =>
  Object.fromEntries(Object.keys(switches).map((name) => [name, on.includes(name as Switch)])) as Switches;

export const designs: Readonly<Record<string, Design>> = {
  upstream13: {
    description:
      'FreeBSD 13.2 and 14.0, with the messages of 2022 (rG0e6e2c4ef3d1): as upstream, but function items stay in the section',
    switches: withOn('gate', 'address-under-topology-lock', 'path-under-topology-lock', 'functions-in-epoch'),
  },
  upstream: {
    description:
      'FreeBSD 14 with the function items of 2024 (rG46f38a6dedb1): topology lock, gate, memory freed at once',
    switches: withOn('gate', 'address-under-topology-lock', 'path-under-topology-lock'),
  },
  'gsoc23-fc22fb4': {
    description:
      'zinh88/epoch-netgraph fc22fb4: epoch sections where ng_address_hook and ng_findhook are, node_mtx, memory freed later; the gate stays',
    switches: withOn(
      'gate', 'address-in-epoch', 'path-under-topology-lock', 'findhook-in-epoch', 'findhook-returns-inside', 'node-mutex',
      'count-after-mutex', 'deferred-free', 'functions-in-epoch',
    ), // prettier-ignore
  },
  'gsoc23-17a939b': {
    description: 'zinh88/epoch-netgraph 17a939b: the next one, without node_mtx and with another ng_findhook',
    switches: withOn(
      'gate', 'address-in-epoch', 'path-under-topology-lock', 'findhook-in-epoch', 'findhook-first', 'deferred-free',
      'functions-in-epoch',
    ), // prettier-ignore
  },
  gsoc23: {
    description:
      'zinh88/epoch-netgraph 4a9599c, the newest of the GSoC 2023 branch: epoch sections, no gate, memory freed later',
    switches: withOn(
      'address-in-epoch', 'path-in-epoch', 'findhook-in-epoch', 'node-mutex', 'deferred-free', 'functions-in-epoch',
    ), // prettier-ignore
  },
  gsoc24: {
    description:
      'EthanCornell/Netgraph-Epochization-for-FreeBSD e70928e, the newest of GSoC 2024: an epoch section around almost everything; the gate stays',
    switches: withOn(
      'gate', 'address-in-epoch', 'path-under-topology-lock', 'path-in-one-epoch', 'findhook-in-epoch', 'findhook-first',
      'findhook-method-in-epoch', 'deferred-free', 'queue-mutex-in-callback', 'type-mutex', 'functions-in-epoch', 'apply-in-epoch', 'send-in-epoch',
      'make-in-epoch', 'unbraced-exits',
    ), // prettier-ignore
  },
};
