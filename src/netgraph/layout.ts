/**
 * What stands where in the arena, as data: one Int32Array, fixed in size, with everything that threads share in it.
 *
 *     globals        one word a line of 64 bytes, so that a lock and the epoch do not fight for a line
 *     threads        one record for each: its section, what it has handed over, its counters; only it writes there
 *     ID and name hash, texts of names
 *     pools          node, hook, item, ifnet, ngpcb, ngsock, socket, private, mesg, apply: records of 32 words (two lines), numbered from 1
 *     ifindex, type  one record for each interface that there can be, and for each type of node
 *
 * The fields of a record have the names that they have in the C. A pointer is the number of a record in its pool (13 bits) and its
 * generation above (18 bits), odd while it lives; NULL is 0, and none is negative. Generation 2^18 is 0 again: a pointer that is kept while
 * its record is used 131,072 times more would be taken for a good one.
 */

export type Pointer = number;
/** The address of a field in record 0 of its pool. */
export type Field = number;

const SHIFT = 5;
const STRIDE = 1 << SHIFT;
const SLOT_BITS = 13;
export const SLOT = (1 << SLOT_BITS) - 1;
const GENERATION = 0x3ffff;

export const THREADS = 32;
/** Buckets that a hash table can have at most: with as many nodes as there can be none wants more. */
export const MOST_BUCKETS = 1024;
export const NAMES = 1024;

/** The first two fields of every record in a pool. `free_next` is a word of its own: who pops from the pool may read that of a record that is live again. */
const LIFE = ['generation', 'free_next'] as const;
/** Numbers that have room in one record of an answer. */
export const MESG_WORDS = 27;
const DEFERRED = ['ec_next', 'ec_epoch'] as const;

const fieldNames = {
  thread: [
    'td_alive', 'er_section', 'er_first', 'er_last', 'er_deferred', 'er_most', 'sent', 'delivered', 'dropped', 'copied', 'queued',
  ],
  node: [
    ...LIFE, ...DEFERRED, 'nd_type', 'nd_name', 'nd_unhashed', 'nd_ID', 'nd_flags', 'nd_numhooks', 'nd_private', 'nd_hooks', 'nd_nodes_next',
    'nd_nodes_prev', 'nd_idnodes_next', 'nd_idnodes_prev', 'nd_refs', 'q_flags', 'q_flags2', 'q_mtx', 'queue_first', 'queue_last',
    'q_work',
  ],
  hook: [
    ...LIFE, ...DEFERRED, 'hk_name', 'hk_private', 'hk_flags', 'hk_peer', 'hk_node', 'cle_next', 'cle_prev', 'hk_refs', 'hk_rcvdata',
  ],
  item: [
    ...LIFE, 'el_flags', 'el_next', 'el_dest', 'el_hook', 'm', 'fn', 'cmd', 'ourhook', 'peerhook', 'name', 'peertype', 'apply',
    'depth', 'retaddr', 'root', 'hop0', 'hop1', 'hop2', 'hop3', 'hops', 'reader', 'msg', 'fn_arg1',
  ],
  /** struct ifnet: an interface. */
  ifnet: [...LIFE, ...DEFERRED, 'if_l2com', 'if_xname', 'if_flags', 'if_pcount', 'if_addr_lock', 'if_hwassist', 'if_refcount'],
  /** V_ifindex_table: by the number of its record, the interface for as long as there is one. */
  ifindex: ['ifp'],
  /** What netgraph keeps of a socket (struct ngpcb), the private data of a node behind sockets (struct ngsock), and the sockets. */
  ngpcb: [...LIFE, 'ng_socket', 'sockdata'],
  ngsock: [...LIFE, ...DEFERRED, 'node', 'datasock', 'ctlsock', 'hash', 'flags', 'refs', 'mtx', 'error'],
  /** The table of the hooks of such a node, which has one chain (struct ngshash). */
  ngshash: [...LIFE, 'lh_first'],
  socket: [
    ...LIFE, 'so_pcb', 'cantsendmore', 'isData', 'isConnected', 'so_rcv', 'so_rcv_last', 'packets', 'last',
  ],
  /** What types hang on nodes and hooks. Each type has its own names for the words, in its own file. */
  private: [...LIFE, ...Array.from({ length: 16 }, (_, i) => `word${i}`)],
  /** A part of an answer; `m_next` leads to the next. In the first, how many numbers it has, and the next answer that a socket has got. */
  mesg: [...LIFE, 'm_next', 'm_nextpkt', 'm_len', ...Array.from({ length: MESG_WORDS }, (_, i) => `word${i}`)],
  apply: [...LIFE, 'refs', 'error', 'done', 'answer', 'context'],
  /** What changes of a type (struct ng_type), by its number: how many nodes are of it. */
  type: ['refs'],
} as const; // prettier-ignore

export type Kind = keyof typeof fieldNames;
type FieldOf<K extends Kind> = (typeof fieldNames)[K][number];

/** How many records of a kind there are; number 0 of a pool is no record. */
export const counts = {
  thread: THREADS,
  node: 512,
  hook: 2048,
  item: 2048,
  ifnet: 64,
  ifindex: 64,
  ngpcb: 128,
  ngsock: 64,
  ngshash: 64,
  socket: 128,
  private: 2560,
  mesg: 256,
  apply: 64,
  type: 32,
} as const satisfies Record<Kind, number>;
/** Items from this number on are for packets, those below for messages and functions. */
export const FIRST_DATA_ITEM = 768;

const globalNames = [
  'magic', 'design', 'epoch', 'ng_topo_lock', 'ng_idhash_lock', 'ng_idhash_seq', 'V_ng_nodes', 'V_nextID', 'ng_namehash_lock', 'V_ng_named_nodes', 'V_ng_ID_hash', 'V_ng_ID_hmask', 'V_ng_name_hash', 'V_ng_name_hmask',
  'ng_worklist_mtx', 'ng_worklist_first', 'ng_worklist_last', 'ng_worklist_seq', 'names_mtx', 'fw_node', 'ng_ipfw_input_p', 'cc_mtx', 'cc_first', 'cc_last', 'cc_exec_curr', 'tq_mtx', 'tb_running',
  'free_node', 'free_hook', 'free_item', 'free_dataitem', 'free_ifnet', 'free_ngpcb', 'free_ngsock', 'free_ngshash', 'free_socket', 'free_private', 'free_mesg', 'free_apply',
] as const; // prettier-ignore

/** Addresses of the words outside all records. */
export const globals = Object.fromEntries(globalNames.map((name, i) => [name, i * 16])) as Readonly<
  Record<(typeof globalNames)[number], number>
>;

const AFTER_GLOBALS = globalNames.length * 16;
/** Two places for each of the hash tables. */
export const ID_TABLES = AFTER_GLOBALS;
export const NAME_TABLES = ID_TABLES + 2 * MOST_BUCKETS;
/** A name: its length, its hash, its text in Latin-1, four characters a word. */
export const NAME_WORDS = 16;
export const V_ng_names = NAME_TABLES + 2 * MOST_BUCKETS;

const kinds = Object.keys(fieldNames) as readonly Kind[];

/** By kind, the address of record number 0. */
export const bases = (() => {
  let next = (V_ng_names + NAMES * NAME_WORDS + STRIDE - 1) & ~(STRIDE - 1);
  return Object.fromEntries(
    kinds.map((kind) => {
      const base = next;
      next += counts[kind] << SHIFT;
      return [kind, base];
    }),
  ) as Readonly<Record<Kind, number>>;
})();

/** Words of the arena. */
export const ARENA_WORDS = bases.type + (counts.type << SHIFT);

const fieldsOf = <K extends Kind>(kind: K): Readonly<Record<FieldOf<K>, Field>> =>
  Object.fromEntries(fieldNames[kind].map((name, i) => [name, bases[kind] + i])) as Record<FieldOf<K>, Field>;

export const td_ = fieldsOf('thread');
export const node_ = fieldsOf('node');
export const hook_ = fieldsOf('hook');
export const item_ = fieldsOf('item');
export const ifnet_ = fieldsOf('ifnet');
export const ifindex_ = fieldsOf('ifindex');
export const ngpcb_ = fieldsOf('ngpcb');
export const ngsock_ = fieldsOf('ngsock');
export const ngshash_ = fieldsOf('ngshash');
export const socket_ = fieldsOf('socket');
export const mesg_ = fieldsOf('mesg');
export const apply_ = fieldsOf('apply');
export const type_ = fieldsOf('type');
/** The address of number `i` of an answer's record 0. */
export const mesgWord = (i: number): Field => mesg_.m_len + 1 + i;
/** The address of word `i` of a type's private memory, in record 0. */
export const privateWord = (i: number): Field => bases.private + LIFE.length + i;

/** The address of a field of the record that a pointer, or the number of a thread, stands for. */
export const at = (p: Pointer, field: Field): number => field + ((p & SLOT) << SHIFT);

export const slotOf = (p: Pointer): number => p & SLOT;
/** The pointer to record `slot` in the life with that generation. */
export const pointerTo = (slot: number, generation: number): Pointer => ((generation & GENERATION) << SLOT_BITS) | slot;
/** Whether a pointer is of the life that the generation says. */
export const isOfLife = (p: Pointer, generation: number): boolean => p >> SLOT_BITS === (generation & GENERATION);

/** Hooks and nodes that are always there: what a hook without a peer points to, and a hook without a node. */
export const ng_deadhook: Pointer = pointerTo(1, 1);
export const ng_deadnode: Pointer = pointerTo(1, 1);

/** What a word of the arena is. `slot` is the number of the record; for a global and a table it counts words. */
export type Place = {
  readonly kind: Kind | 'global' | 'idhash' | 'namehash' | 'name';
  readonly slot: number;
  readonly field: string;
};

/** Says of an address what it is: the way back from `at`. Words that nobody uses have the field ''. */
export const placeOf = (address: number): Place => {
  if (address < AFTER_GLOBALS)
    return { kind: 'global', slot: address, field: address % 16 === 0 ? globalNames[address / 16]! : '' };
  if (address < NAME_TABLES) return { kind: 'idhash', slot: address - ID_TABLES, field: 'bucket' };
  if (address < V_ng_names) return { kind: 'namehash', slot: address - NAME_TABLES, field: 'bucket' };
  const kind = kinds.findLast((one) => bases[one] <= address);
  if (kind === undefined) return { kind: 'name', slot: (address - V_ng_names) >> 4, field: 'text' };
  const offset = address - bases[kind];
  return { kind, slot: offset >> SHIFT, field: fieldNames[kind][offset & (STRIDE - 1)] ?? '' };
};
