/** Which design is under check, a published one or a step of the repair: one text of the procedures, told apart by switches. */

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
  'apply-in-epoch':
    'ng_apply_item and ng_generic_msg are in an epoch section from begin to end; where a text goes down to the type, that of the second stays open (2983)',
  'send-in-epoch': 'ng_send_fn and ng_send_fn2 are in an epoch section from begin to end',
  'make-in-epoch':
    'what makes and destroys hooks and links, ng_rmnode and ng_rmnode_self are in an epoch section from begin to end',
  'unbraced-exits':
    'where NET_EPOCH_EXIT was put in front of a return without braces, the function always returns: ng_rmnode, ng_rmnode_self, ng_con_nodes, ng_send_fn2',

  // The protections of the repaired design; the C has none of them.
  'data-outside-gate': 'a packet that need not be applied as a writer is applied without entering the gate (2360-2363)',
  'items-without-references':
    'an addressed packet has hook and node without references, which the section keeps; they are taken when it is queued (3670-3671)',
  'queue-tries-reference': 'a packet is queued only if its hook still has a reference; else it is dropped',
  'message-tries-reference':
    'a message is addressed by a hook in an epoch section, and only if the hook at the other end still has a reference (3655, 3670)',
  'path-tries-reference': 'a path hands over the hook by which it comes in only if that still has a reference (1886)',
  'peer-once': 'hk_peer is loaded once where a hook is followed (3658-3659, 1853-1885, 2698-2705)',
  'hook-keeps-node':
    'a hook keeps its node, and the reference on it, until the memory of the hook is freed (1274-1275)',
  'destroyed-once': 'HK_DESTROYED, set under the topology lock, says that a hook is being destroyed (1218)',
  'private-with-owner':
    'nd_private and hk_private are freed with their node or hook, after the grace period, by methods nodefree and hookfree of the type',
  'unhash-at-shutdown': 'ng_rmnode takes the node out of both hashes, and not the last reference (822-832)',
  'publish-last': 'ng_mkpeer puts a node into the ID hash when it is set up and linked (679-695)',
  'type-refs-atomic': 'refs of a type is counted atomically (668, 821)',
  'node-flags-atomic': 'nd_flags is changed atomically (745, 776, 1658, 3229 and the types)',
  'name-mask-under-lock': 'ng_name2noderef loads the mask of the name hash under its lock (951)',
  'part2-holds-peer': 'ng_con_part2 takes a reference on the peer before it gives the topology lock back (1498-1507)',
  'link-validated':
    'a hook of a new link becomes valid under the topology lock, and only while it has its peer; the second one before the third part is sent (1424, 1513)',
  'names-while-hashed': 'ng_name_node refuses a node that has left the name hash at its shutdown (902)',
  'names-reserved': 'a hook that is not valid yet has its name already: no other hook of the node gets it (1109, 1446)',
  'parts-undone':
    'when the second part of a link cannot run because its node is shut down, the link is destroyed (2511, 2246)',
  'death-remembered':
    'that a node has reset itself is told by NGF_REVIVED, and ng_rmnode begins anew if NGF_REALLY_DIE has come meanwhile (767-778)',
  'bypass-needs-peers': 'ng_bypass is refused if one of the two hooks has no peer any more (1291-1296)',
  'type-refs-in-callback':
    'refs of a type is counted down when the memory of the node goes: until then its methods can be called (821)',
  'teardown-awaits-nodes':
    'the end of a network stack waits until the memory of its nodes has gone: who gives a reference back looks at the stack (817)',
  'teardown-through-gate': 'the end of a network stack has each node shut down in its gate, and waits for it (3231)',
  'tables-go-under-lock':
    'the hashes of a network stack that goes are taken away under their locks, and a look-up finds nothing (3237-3238)',
  'mkpeer-through-gate': 'a peer that cannot be linked is shut down in its gate (1599, 1604, 1634)',
  'listing-in-epoch': 'NGM_LISTHOOKS is in an epoch section while it looks at peers (2687-2707)',
  'hub-walks-once':
    'ng_hub copies to the hooks that it meets on the list, and does not trust nd_numhooks (ng_hub.c:125-143)',
  'hub-frees-message': 'ng_hub frees the item of a message (ng_hub.c:104-113)',
  'tee-loads-once': 'ng_tee loads where a packet goes once, and then looks whether it goes there (ng_tee.c:304-324)',
  'tee-needs-hook':
    'ng_tee passes on what becomes of a link only if it has come by a hook that is still there (ng_tee.c:260)',
  'one2many-loads-once':
    'ng_one2many loads the number of its active links once, and drops what comes by a link that it does not know any more (ng_one2many.c:433-492)',
  'iface-in-epoch':
    'ng_iface finds its hook in the section of the sender, without lock or reference, and drops what comes by a hook that is not its own any more (ng_iface.c:452-465, 695)',
  'ether-loads-once':
    'who comes from the network stack loads if_l2com once, and ng_ether looks whether it still has an interface, which it loads once (if_ethersubr.c:612, if.c:2386, ng_ether.c:248, 284, 378, 482, 668, 717, 785)',
  'ether-in-epoch':
    'ng_ether is in an epoch section from where it loads its interface to where it stores into it: a writer of its node may be in none (ng_ether.c:482, 761, 785-786)',
  'queue-forgets-interface':
    'a packet that is queued does not keep the pointer to the interface that it came by, which may go, and finds it again by its index (2066, 2439)',
  'ether-clears-own':
    'ng_ether takes from an interface only the node that it is about, and no other that the interface may have got since (ng_ether.c:366, 631, 761)',
  'ether-link-in-epoch':
    'who tells of the link of an interface is in an epoch section from where he finds the node to where the message is addressed (if.c:2386, ng_ether.c:378-393)',
  'ether-holds-interface':
    'what has an interface do something, and can sleep, holds a reference on it, if there is still an interface (ng_ether.c:510-631, 767)',
  'ether-ends-promisc':
    'promiscuous mode holds a reference on its interface until it ends, and ends where the node goes for good as well (ng_ether.c:556-560, 754-768)',
  'promisc-under-lock': 'who wants promiscuous mode is counted under a lock of the interface (if.c:3203-3233)',
  'ether-attach-holds-node':
    'ng_ether_attach holds a reference on the node that it makes until it has named it (ng_ether.c:325-345)',
  'ether-rename-holds-node': 'ng_ether_ifnet_arrival_event holds a reference on the node (ng_ether.c:424-430)',
  'ether-detach-holds-node': 'ng_ether_detach holds a reference on the node (ng_ether.c:356-368)',
  'ipfw-loads-once': 'the firewall loads ng_ipfw_input_p once (ip_fw_pfil.c:294-299)',
  'source-in-epoch': 'ng_source sends in an epoch section of its own (ng_source.c:807)',
  'source-drains-callout': 'the shutdown of ng_source waits until its callout has run (ng_uncallout_drain)',
  'socket-request-holds-node':
    'ngc_send and ng_bind go by their own private data, and hold a reference on the node (ng_socket.c:221, 315, 772)',
  'socket-data-in-epoch': 'ngd_send looks its hook up in the section in which it sends (ng_socket.c:449-484)',
  'socket-deferred-free': 'struct ngsock and its table of hooks are freed after the grace period (ng_socket.c:678-679)',
  'socket-close-waits': 'close(2) waits for a grace period before struct ngpcb and the socket go (ng_socket.c:663)',
  'socket-answers-under-mutex':
    'ngs_rcvmsg keeps the mutex until it has handed the answer to the control socket (ng_socket.c:932)',
  'socket-told-under-mutex':
    'ng_socket looks at its data socket under the mutex when a hook comes or goes (ng_socket.c:850, 1070)',
  'socket-connect-under-mutex':
    'ng_connect_data looks under the mutex whether the node is still there and has no data socket yet (ng_socket.c:734)',
  'socket-connect-in-epoch':
    'ng_connect_data is in an epoch section from where it finds the node on, and the mutex of struct ngsock goes with its memory (ng_socket.c:677, 720-749)',
  'socket-gives-node-back':
    'ngs_shutdown gives back the reference that the private data has on the node (ng_socket.c:1105)',
  'socket-holds-node':
    'the last close of a socket gives its reference back after it has asked for the shutdown (ng_socket.c:688-689)',
} as const satisfies Record<string, string>;

export type Switch = keyof typeof switches;
export type Switches = Readonly<Record<Switch, boolean>>;
export type Design = { readonly description: string; readonly switches: Switches };

/** The switches that are on; the others are off. */
const withOn = (...on: readonly Switch[]): Switches =>
  Object.fromEntries(Object.keys(switches).map((name) => [name, on.includes(name as Switch)])) as Switches;

const published = {
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
} as const satisfies Readonly<Record<string, Design>>;

/** A step of the repair: what is changed in the C at a time. */
export type Repair = {
  readonly name: string;
  readonly description: string;
  readonly adds: readonly Switch[];
  readonly drops: readonly Switch[];
};

/**
 * From `upstream` to `lockfree`, in an order in which no step makes anything worse: a scenario that holds goes on to hold. Each is a
 * design that can be checked by its name; none but the last is explored unless it is asked for.
 */
export const repairs: readonly Repair[] = [
  {
    name: 'repair-1',
    description: 'what is wrong in ng_base.c and can be put right as it is',
    adds: [
      'type-refs-atomic', 'node-flags-atomic', 'name-mask-under-lock', 'unhash-at-shutdown', 'names-while-hashed', 'publish-last',
      'mkpeer-through-gate', 'names-reserved', 'part2-holds-peer', 'link-validated', 'parts-undone', 'death-remembered', 'bypass-needs-peers',
      'teardown-through-gate', 'tables-go-under-lock', 'queue-forgets-interface',
    ],
    drops: [],
  },
  {
    name: 'repair-2',
    description: 'what is wrong in the types and can be put right as it is',
    adds: [
      'hub-walks-once', 'hub-frees-message', 'tee-loads-once', 'tee-needs-hook', 'one2many-loads-once', 'ether-loads-once', 'ether-in-epoch',
      'ether-clears-own', 'ether-holds-interface', 'ether-ends-promisc', 'promisc-under-lock', 'ipfw-loads-once',
      'source-in-epoch', 'source-drains-callout', 'socket-request-holds-node', 'socket-told-under-mutex', 'socket-gives-node-back',
      'socket-holds-node', 'socket-answers-under-mutex', 'socket-connect-under-mutex',
      // Who waits for all nodes waits for ever if a type forgets a reference.
      'teardown-awaits-nodes',
    ],
    drops: [],
  },
  {
    name: 'repair-3',
    description: 'memory is given back after a grace period, with what hangs on it',
    adds: [
      'deferred-free', 'type-refs-in-callback', 'hook-keeps-node', 'destroyed-once', 'private-with-owner', 'socket-deferred-free',
      'socket-connect-in-epoch', 'socket-close-waits', 'ether-detach-holds-node', 'ether-rename-holds-node', 'ether-attach-holds-node',
      'ether-link-in-epoch',
    ],
    drops: [],
  },
  {
    name: 'repair-4',
    description: 'who looks at a graph that is not his own is in an epoch section, and paths need no topology lock',
    adds: [
      'findhook-in-epoch', 'path-in-one-epoch', 'path-tries-reference', 'peer-once', 'listing-in-epoch', 'socket-data-in-epoch',
    ],
    drops: ['path-under-topology-lock'],
  },
  {
    name: 'repair-5',
    description: 'packets are addressed in the section of their sender: without the topology lock, and without references',
    adds: ['items-without-references', 'queue-tries-reference', 'message-tries-reference', 'iface-in-epoch'],
    drops: ['address-under-topology-lock'],
  },
  {
    name: 'lockfree',
    description:
      'the repaired design: packets go from hook to hook in an epoch section and nothing else; the gate is for what is not data',
    adds: ['data-outside-gate'],
    drops: [],
  },
]; // prettier-ignore

/** What has been changed up to a step, that one included. */
const repaired = (step: number): Switches =>
  repairs.slice(0, step + 1).reduce(
    (before, { adds, drops }) => ({
      ...before,
      ...Object.fromEntries(adds.map((name) => [name, true])),
      ...Object.fromEntries(drops.map((name) => [name, false])),
    }),
    published.upstream.switches,
  );

const repairing: Readonly<Record<string, Design>> = Object.fromEntries(
  repairs.map(({ name, description }, step) => [name, { description, switches: repaired(step) }]),
);

/** Designs of your own. `netgraph-mc new design` writes them here, and their switches at the end of `switches`. */
const own: Readonly<Record<string, Design>> = {};

export const ownDesigns: readonly string[] = Object.keys(own);

/** Every design that can be checked. */
export const designs: Readonly<Record<string, Design>> = { ...published, ...repairing, ...own };

/** Those that are explored when none is named. */
export const mainDesigns: readonly string[] = [...Object.keys(published), 'lockfree', ...ownDesigns];
