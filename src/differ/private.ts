import { Callout, wheel as theWheel } from '../../spec/callout.ts';
import { ng as theGlobals } from '../../spec/globals.ts';
import { taskqueue_swi as theTaskQueue } from '../../spec/ifnet.ts';
import { firewall as theFirewall } from '../../spec/ipfw.ts';
import { HookInfo } from '../../spec/tee.ts';
import type { Shared } from '../machine/record.ts';
import {
  at,
  globals,
  ifindex_,
  ifnet_,
  ngpcb_,
  ngshash_,
  ngsock_,
  privateWord,
  socket_,
  type Pointer,
} from '../netgraph/index.ts';

const firewall = theFirewall as Shared;
const ng = theGlobals as Shared;
export const wheel = theWheel as Shared;
export const taskqueue_swi = theTaskQueue as Shared;

/**
 * Private data of the types: by the name of the record in the specification, which word of the library's keeps which field. What is missing is
 * not compared, since the library has no such field: `octets` of a hook of ng_hole, and the lock of ng_iface.
 */
export const words: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  IfacePrivate: { hook: 0 },
  HoleHookInfo: { frames: 0 },
  PatchPrivate: { in: 0, out: 1, received: 2, dropped: 3 },
  HubPrivate: { persistent: 0 },
  HookInfo: { hook: 0, dest: 1, dup: 2, stats: 3 },
  One2ManyPrivate: {
    one: 0,
    many0: 1,
    many1: 2,
    many2: 3,
    enabled0: 5,
    enabled1: 6,
    enabled2: 7,
    xmitAlg: 9,
    nextMany: 10,
    numActiveMany: 11,
    activeMany0: 12,
    activeMany1: 13,
    activeMany2: 14,
  },
  NatPrivate: { flags: 0, in: 1, out: 2, lib: 3 },
  LibAlias: { mutex: 0, links: 1 },
  IpfwHookPrivate: { cookie: 0 },
  HookPriv: { le_next: 0, le_prev: 1, hook: 2 },
  SourcePrivate: { c_arg: 2, node: 3, output: 4, snd_queue: 6, packets: 8 },
  EtherPrivate: { ifp: 0, upper: 1, lower: 2, promiscuous: 3 },
};

/**
 * Fields of which only the accesses are compared: what counts, for the model does not know the number; locks, for the library's have other numbers; items;
 * and what is stored in the library some accesses before or after the one that is the step of the model.
 */
export const unshown: ReadonlySet<string> = new Set([
  'ec_next of ngsock',
  'ec_next of ifnet',
  'if_xname',
  'if_addr_lock',
  'mtx',
  'error',
  'cantsendmore',
  'so_rcv',
  'so_state',
  'le_prev',
  'c_arg',
  'cc_exec_curr',
  'tb_running',
  'frames',
  'received',
  'dropped',
  'stats',
  'links',
  'mutex',
]);

/** What is there only once, by its address. */
export const staticFields: ReadonlyMap<number, readonly [record: Shared, field: string]> = new Map([
  [globals.fw_node, [firewall, 'fw_node']],
  [globals.ng_ipfw_input_p, [firewall, 'ng_ipfw_input_p']],
  [globals.V_ng_ID_hmask, [ng, 'V_ng_ID_hmask']],
  [globals.V_ng_name_hmask, [ng, 'V_ng_name_hmask']],
  [globals.cc_exec_curr, [wheel, 'cc_exec_curr']],
  [globals.tb_running, [taskqueue_swi, 'tb_running']],
]);

/** A callout says of itself whether it is on the wheel: of a wheel with one place that is all there is. */
export const calloutPlaces = (priv: Shared, p: Pointer): readonly (readonly [number, readonly [Shared, string]])[] =>
  priv instanceof Callout ? [[at(p, privateWord(0)), [wheel, 'pending']]] : [];

/** By the name of the record in the specification, the fields that the library keeps by the same name in a kind of records of its own. */
const named: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  IfNet: {
    if_l2com: ifnet_.if_l2com, if_xname: ifnet_.if_xname, if_flags: ifnet_.if_flags, if_pcount: ifnet_.if_pcount, if_addr_lock: ifnet_.if_addr_lock, if_hwassist: ifnet_.if_hwassist,
    if_refcount: ifnet_.if_refcount,
  },
  IfIndex: { ifp: ifindex_.ifp },
  Socket: { so_pcb: socket_.so_pcb, cantsendmore: socket_.cantsendmore, so_rcv: socket_.so_rcv_last, so_state: socket_.isConnected },
  Ngpcb: { ng_socket: ngpcb_.ng_socket, sockdata: ngpcb_.sockdata },
  SocketPrivate: {
    node: ngsock_.node, datasock: ngsock_.datasock, ctlsock: ngsock_.ctlsock, hash: ngsock_.hash, flags: ngsock_.flags,
    refs: ngsock_.refs, mtx: ngsock_.mtx, error: ngsock_.error,
  },
  NgsHash: { lh_first: ngshash_.lh_first },
}; // prettier-ignore

/**
 * The first word of what is handed over by itself, which its callback poisons; and of what is freed at once after a grace period, with which begins what can be done only when that
 * is over.
 */
export const handedOver: Readonly<Record<string, { readonly field: string; readonly address: number }>> = {
  Ngpcb: { field: 'ng_socket', address: ngpcb_.ng_socket },
  SocketPrivate: { field: 'ec_next of ngsock', address: ngsock_.ec_next },
  IfNet: { field: 'ec_next of ifnet', address: ifnet_.ec_next },
};

/** Other words that stand for a field as well: the buffer of a data socket is a number of packets, that of a control socket a list. */
const also: Readonly<Record<string, readonly (readonly [field: string, address: number])[]>> = {
  Socket: [['so_rcv', socket_.packets]],
};

/** Where the fields of such a record are, at the memory that a pointer leads to. */
export const namedPlaces = (record: Shared, p: Pointer): readonly (readonly [number, readonly [Shared, string]])[] =>
  [
    ...Object.entries(named[record.type.name]!),
    ...(also[record.type.name] ?? []),
    ...[handedOver[record.type.name]].flatMap((one) => (one === undefined ? [] : [[one.field, one.address] as const])),
  ].map(([field, address]) => [at(p, address), [record, field]] as const);

/** Whether the accesses to a field of a record of private data, or of an interface, or of what is there only once, are compared. */
export const isMapped = (record: Shared, field: string): boolean =>
  words[record.type.name]?.[field] !== undefined ||
  record === firewall ||
  named[record.type.name]?.[field] !== undefined ||
  record === wheel ||
  record === taskqueue_swi;

/** Memory of its own to which private data leads by a field, and which is freed with it, first. */
export const apart: Readonly<Record<string, { readonly field: string; readonly type: string }>> = {
  NatPrivate: { field: 'lib', type: 'LibAlias' },
};

/** A tee has four parts, which lie one after the other in one piece of memory. */
const PARTS = 4;
const partOf = ({ slot }: HookInfo): number => slot % PARTS;

/** Where the library keeps the fields of a record, in the private data that `p` leads to. */
export const placesOf = (record: Shared, p: Pointer): readonly (readonly [field: string, address: number])[] => {
  const fields = words[record.type.name] ?? {};
  const first = record instanceof HookInfo ? partOf(record) * Object.keys(fields).length : 0;
  return Object.entries(fields).map(([field, word]) => [field, at(p, privateWord(first + word))]);
};

/** The parts of private data that are records of their own in the specification. */
export const partsOf = (priv: Shared, valueOf: (field: string) => unknown): readonly Shared[] =>
  [...priv.type.byName.keys()].map(valueOf).filter((value): value is HookInfo => value instanceof HookInfo);

/** What stands in a word of the library for a part: its number and one. */
export const partNumber = (value: unknown): number | null => (value instanceof HookInfo ? 1 + partOf(value) : null);
