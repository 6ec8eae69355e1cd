import { ApplyInfo } from '../../spec/applyinfo.ts';
import { Hook } from '../../spec/hook.ts';
import { IfIndex } from '../../spec/ifnet.ts';
import { Node } from '../../spec/node.ts';
import { Ngpcb, SocketPrivate } from '../../spec/socket.ts';
import type { Shared } from '../machine/record.ts';
import { CALLBACK } from '../explore/search/next.ts';
import { madeOf, type Word } from './place.ts';
import { at, POISON, privateWord } from '../netgraph/index.ts';
import type { Access } from './access.ts';
import { lookedUp, ofLock, ofMutex, ofTask, ofWheel, ofWorklist } from './locking.ts';
import { apart, isMapped, taskqueue_swi, wheel, words } from './private.ts';
import type { Look, Meant, Silence } from './subject.ts';

/** What an access of the library is in the specification: by what it is done to, how, and with what answer. */

/** Fields of nodes and hooks that are compared access by access. */
const compared = new Set([
  'hk_flags', 'hk_peer', 'hk_node', 'hk_refs', 'cle_next', 'cle_prev', 'nd_flags', 'nd_refs', 'nd_hooks', 'nd_numhooks',
  'q_flags', 'q_flags2', 'q_mtx', 'queue_first', 'queue_last',
]); // prettier-ignore

/** Fields that are changed within one step of the model, under a lock, so that only the loads have steps of their own. */
const loaded = new Set(['nd_name', 'nd_nodes_next']);

/** The step in which a node gets a name. */
const NAMING = 'ng_name_node: load nd_name #2';

/** Who waits for a grace period sees that it is over. The library waits by words that the model has not, so this is done with the first access after it. */
export const WAITED = 'load waited';

/** Locks whose accesses are steps of their own, or begin one. */
const mutexes = new Set(['q_mtx', 'ng_worklist_mtx', 'mutex', 'mtx', 'if_addr_lock']);
const rwlocks = new Set(['ng_topo_lock', 'ng_idhash_lock', 'ng_namehash_lock']);

/** Mutexes of records, whose accesses mean those of the specification's. */
const locks = new Set(['q_mtx', 'mutex', 'mtx', 'if_addr_lock']);

/** What can be made in the run: with all that is set up before anybody can find it, that is one step. */
const makes: ReadonlySet<string> = new Set(
  [
    'Node',
    'Hook',
    'HoleHookInfo',
    'PatchPrivate',
    'HubPrivate',
    'NatPrivate',
    'LibAlias',
    'EtherPrivate',
    'IpfwHookPrivate',
    'HookPriv',
  ].map((name) => `alloc ${name}`),
);

const isCompared = (record: Shared, field: string): boolean => compared.has(field) || isMapped(record, field);

const wordOf = (does: string): string => does.slice(does.indexOf(' ') + 1);

/**
 * Items and ghosts are not compared. A load of a compared word is one of the library's, where the library does it; what it
 * knows from before it does not load again. A name is changed in one step, which begins with the load of the old one, so that is
 * never silent.
 */
export const silenceOf = (step: string, does: string, record: Shared | null): Silence | null => {
  if (does === 'NET_EPOCH_ENTER' || does === 'NET_EPOCH_EXIT' || step.startsWith('reap')) return null;
  if (step.startsWith('moveNode: ')) return 'at once';
  if (record instanceof ApplyInfo && wordOf(does) === 'refs') return null;
  if (
    does === 'free NodeHash' ||
    does === 'store hk_rcvdata' ||
    does === 'load nd_name' ||
    does === WAITED ||
    rwlocks.has(wordOf(does)) ||
    mutexes.has(wordOf(does))
  )
    return null;
  if (does === 'load nd_nodes_next') return 'late';
  // The library gives the other hook of a new link ng_deadnode when it makes it.
  if (step.startsWith('firstPart: store hk_node')) return 'late';
  if (makes.has(does) || record === wheel) return null;
  if (record === null || !isCompared(record, wordOf(does))) return 'at once';
  return does.startsWith('load ') ? 'late' : null;
};

/** Whether a callback frees a record with this access: its private data first, where there is any. */
export const isFree = ({ kind, operand }: Access, { frees }: Word): boolean =>
  kind === 'store' && operand === POISON && frees !== null;

/** The hook that a pointer leads to. */
export type HookAt = (p: number) => Shared | null;

export const meaningOf = (
  access: Access,
  answer: number,
  held: number,
  word: Word,
  look: Look,
  hookAt: HookAt,
): readonly Meant[] => {
  const { kind: does, operand } = access;
  const { kind, field, record } = word;
  if (kind === 'thread' && field === 'er_section' && does === 'store')
    return [{ does: (operand & 0xff) > (held & 0xff) ? 'NET_EPOCH_ENTER' : 'NET_EPOCH_EXIT' }];
  const of = record === null ? {} : { of: record };
  if (locks.has(field) && !isFree(access, word))
    return ofMutex(access, answer, held, field).map((meant) => ({ ...meant, ...of }));
  if (does === 'store' && (field === 'ng_worklist_first' || (field === 'q_work' && operand === 0 && record !== null)))
    return ofWorklist(field);
  if (rwlocks.has(field)) return ofLock(access, answer, field);
  if (isFree(access, word)) {
    const freed = word.frees!;
    return [
      // Who closes a socket that was never connected waits for nobody.
      { does: CALLBACK, of: freed, ...(freed instanceof Ngpcb ? { ifDue: true as const } : {}) },
      ...(freed instanceof SocketPrivate ? [{ does: 'mtx_destroy mtx', of: freed }] : []),
      ...(freed instanceof Ngpcb ? [{ does: WAITED, of: freed, ifDue: true as const }] : []),
      ...(freed instanceof Hook ? [{ does: 'load hk_node', of: freed }] : []),
      ...(freed instanceof Node ? [{ does: 'load nd_type', of: freed }] : []),
      ...Object.values(apart).map(({ field }) => ({ does: `load ${field}`, ifDue: true as const })),
    ];
  }
  if (kind === 'apply' && field === 'refs') return ofApply(does);
  if (record === null) return does === 'store' ? madeBy(word, operand, hookAt) : [];
  if (does === 'store' && (field === 'nd_private' || field === 'hk_private'))
    return hungOn(record, operand, word.type, look);
  // A table has grown: all that has been moved was moved under the lock.
  if (field.endsWith('_hmask')) return does === 'store' && operand !== 0 ? [{ does: 'free NodeHash' }] : [];
  if (record === taskqueue_swi) return ofTask(access, answer);
  // An interface goes with the last look at its task, where the model has that. That it is still there is asked here, and taken for granted by the model, where one thread takes it away.
  if (record instanceof IfIndex && does === 'compareExchange')
    return answer === operand ? [{ does: 'store ifp', or: ['load tb_running'] }] : [];
  if (field === 'pending' || field === 'cc_exec_curr') return ofWheel(access, field, record);
  if (field === 'error' && does === 'store')
    return operand === POISON ? [] : [{ does: 'store error', of: record, ifDue: true }];
  // Under the lock of the wheel it belongs to the step that does all that is done there.
  if (field === 'c_arg' && does === 'store')
    return operand === POISON ? [] : [{ does: 'store c_arg', of: record, ifDue: true }];
  if (field === 'hk_rcvdata')
    return does === 'store' && operand !== POISON ? [{ does: 'store hk_rcvdata', of: record }] : [];
  // A node is named in one step, which begins with the load of the old name; that others can see, it is done with the store of the new one, or with what forbids it.
  if (
    (field === 'nd_name' && does === 'store' && operand !== POISON) ||
    (field === 'nd_unhashed' && does === 'load' && answer !== 0)
  )
    return [{ does: 'load nd_name', of: record, step: NAMING }];
  if (loaded.has(field))
    return does === 'load' ? [{ does: `load ${field}`, of: record, ifDue: true, but: NAMING }] : [];
  if (!isCompared(record, field)) return [];
  // Who finds no reference left takes none: that is all of refcount_acquire_if_not_zero.
  if (does === 'load' && isCount(field))
    return answer === 0 ? [{ does: `refcount_acquire_if_not_zero ${field}`, of: record, ifDue: true }] : [];
  if (does === 'load') return [...lookedUp(field), { does: `load ${field}`, of: record, ifDue: true }];
  const found = does === 'add' && field === 'nd_refs' ? lookedUp('nd_refs') : [];
  return [...found, ...operationOf(does, answer === operand, field, operand).map((meant) => ({ ...meant, ...of }))];
};

/** How many items are under way for somebody who waits: it decides who tells him. */
const ofApply = (does: Access['kind']): readonly Meant[] => {
  if (does === 'add') return [{ does: 'atomic_add refs' }];
  return does === 'sub' ? [{ does: 'atomic_fetchadd refs' }] : [];
};

/** The last store of the set-up of a hook or a node; that of the element of a socket's hook, which is the store of the hook. */
const madeBy = ({ kind, field, fresh }: Word, operand: number, hookAt: HookAt): readonly Meant[] => {
  if (fresh === 0) return [];
  if (kind === 'private')
    return field === 'word2' ? [{ does: 'alloc HookPriv', ifDue: true, makes: madeOf(fresh, hookAt(operand)) }] : [];
  if (kind === 'hook' && field === 'hk_name') return [{ does: 'alloc Hook', makes: madeOf(fresh, null) }];
  return kind === 'node' && field === 'nd_refs' ? [{ does: 'alloc Node', makes: madeOf(fresh, null) }] : [];
};

/** Private data is made when it is hung on its owner, for nobody can come to it before. The hooks of a hole have some, and those of ipfw. */
const hungOn = (owner: Shared, pointer: number, type: string, { words: arena, made }: Look): readonly Meant[] => {
  if (pointer === 0 || pointer === POISON || made.some((one) => one?.pointer === pointer && one.owner === owner))
    return [];
  if (owner instanceof Hook)
    return [{ does: 'alloc HoleHookInfo', or: ['alloc IpfwHookPrivate'], makes: madeOf(pointer, owner) }];
  const name = `${type[0]!.toUpperCase()}${type.slice(1)}Private`;
  const field = apart[name]?.field;
  if (field === undefined) return [{ does: `alloc ${name}`, makes: madeOf(pointer, owner) }];
  const behind = arena[at(pointer, privateWord(words[name]![field]!))]!;
  return [
    { does: `alloc ${name}`, makes: madeOf(pointer, null) },
    { does: `alloc ${apart[name]!.type}`, makes: madeOf(behind, owner) },
    { does: `store ${field}` },
  ];
};

/** Whether it is a count of references. */
const isCount = (field: string): boolean => /_ref(?:s|count)$/.test(field);

/** Fields that the model stores and the library changes in another way: of a buffer of packets it counts how many there are. */
const stored: ReadonlySet<string> = new Set(['so_rcv']);

const operationOf = (does: Access['kind'], succeeds: boolean, field: string, operand: number): readonly Meant[] => {
  switch (does) {
    case 'store':
      return operand === POISON ? [] : [{ does: `store ${field}` }];
    case 'add':
      if (stored.has(field)) return [{ does: `store ${field}` }];
      return [{ does: isCount(field) ? `refcount_acquire ${field}` : `atomic_add ${field}` }];
    case 'sub':
      return [{ does: isCount(field) ? `refcount_release ${field}` : `atomic_subtract ${field}` }];
    case 'or':
      return [{ does: `atomic_set ${field}` }];
    case 'and':
      return [{ does: `atomic_clear ${field}`, or: [`store ${field}`] }];
    case 'compareExchange':
      if (!isCount(field)) return [{ does: `atomic_cmpset ${field}` }];
      return succeeds ? [{ does: `refcount_acquire ${field}`, or: [`refcount_acquire_if_not_zero ${field}`] }] : [];
    default:
      return [];
  }
};
