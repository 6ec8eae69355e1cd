/**
 * netgraph for programs with worker threads: a graph of nodes on a SharedArrayBuffer, through which data goes while it is rebuilt.
 *
 *     const arena = create('lockfree');               once; hand `arena` to the workers
 *     const td = attach(arena, 0) as Td;              in each worker, with a number of its own
 *     const source = make(td, 'iface');
 *     ask(td, source, { cmd: 'mkpeer', hook: 'inet', type: 'hole', peerhook: 'in' });
 *     send(td, source, 1, 2, 3);                      three packets, in one epoch section
 *     ask(td, source, { cmd: 'rmhook', hook: 'inet' });
 *     for (;;) { serviceQueue(td); awaitWork(td, 100); }      in a worker that serves queues
 *
 * All functions are synchronous and have all their state in the arena: one that is stopped at any access can be run again from its
 * start with what its accesses were answered. What is not data can sleep on a lock. Errors are numbers of `errno`.
 *
 * How it corresponds to the C and to its specification: a record has the fields of the C by their names (`layout.ts`), a procedure has
 * the name of its function, and its accesses are those of the design `lockfree` of the specification in the same order, with these differences:
 *
 * - a packet that is not queued has no item; its payload and its hook are arguments (`item.ts`);
 * - before a pointer that was loaded is followed, the generation of the record is loaded once, to see that it lives (`pool.ts`);
 * - the texts of names are in a table of their own and a name is a number (`text.ts`), by which it is hashed;
 * - counters of threads (`td_`) are touched by their thread only.
 */
export { ngc_attach, ngd_attach, nodeBehind } from './attach.ts';
export { checkArena } from './account.ts';
export { statistics, used, type Statistics } from './statistics.ts';
export { softclock } from './callout.ts';
export { create, attach, threadOf, ARENA_BYTES } from './arena.ts';
export { advance, blocker, closeThread, NET_EPOCH_ENTER, NET_EPOCH_EXIT, runCallbacks } from './epoch.ts';
export { idHash, nameHash, rehash } from './hash.ts';
export { ether_linkstate } from './linkstate.ts';
export { ether_ifattach, ether_ifdetach, ether_reassign, ether_rename, nodeOf } from './arrival.ts';
export { ETHER_DETACH, ETHER_PROMISC, ether_input, ether_output } from './ether.ts';
export { Fault } from './fault.ts';
export { ngh_stats } from './hole.ts';
export { filter, loadFirewall } from './ipfw.ts';
export * from './layout.ts';
export { etherifname, listhooks, listnames, listnodes, listtypes, nodeinfo, teestats, type LinkLine, type NodeLine, type TypeLine } from './inquiry.ts'; // prettier-ignore
export type { Message } from './mesg.ts';
export { ask, find, hookOf, idOf, make, post, send } from './operation.ts';
export { POISON, type PoolKind } from './pool.ts';
export { sourcestats } from './source.ts';
export { close, ngc_bind, ngc_recv, ngc_send, ngd_connect, ngd_send, ngd_stats } from './syscall.ts';
export * from './td.ts';
export { vnet_netgraph_uninit } from './teardown.ts';
export { intern, textOf } from './text.ts';
export { typeNames, type TypeName } from './ngtype.ts';
export { awaitWork, serviceQueue } from './worklist.ts';
