import { Hook } from '../../spec/hook.ts';
import type { Shared } from '../machine/record.ts';
import { CALLBACK } from '../explore/next.ts';
import { madeOf, type Word } from './place.ts';
import { at, POISON, privateWord } from '../netgraph/index.ts';
import type { Access } from './access.ts';
import { apart, isMapped, wheel, words } from './private.ts';
import type { Meant, Silence } from './subject.ts';

/** What an access of the library is in the specification: by what it is done to, how, and with what answer. */

/** Fields of nodes and hooks that are compared access by access. */
const compared = new Set([
  'hk_flags', 'hk_peer', 'hk_node', 'hk_refs', 'cle_next', 'cle_prev', 'nd_flags', 'nd_refs', 'nd_hooks', 'nd_numhooks',
  'q_flags', 'q_flags2', 'q_mtx', 'queue_first', 'queue_last',
]); // prettier-ignore

/** Fields that are changed within one step of the model, under a lock, so that only the loads have steps of their own. */
const loaded = new Set(['nd_name', 'nd_nodes_next']);

/** Locks whose accesses are steps of their own, or begin one. */
const mutexes = new Set(['q_mtx', 'ng_worklist_mtx', 'mutex']);
const rwlocks = new Set(['ng_topo_lock', 'ng_idhash_lock', 'ng_namehash_lock']);

/** What can be made in the run: with all that is set up before anybody can find it, that is one step. */
const makes: ReadonlySet<string> = new Set(
  ['Node', 'Hook', 'HoleHookInfo', 'PatchPrivate', 'HubPrivate', 'NatPrivate', 'LibAlias', 'IpfwHookPrivate'].map(
    (name) => `alloc ${name}`,
  ),
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
  if (
    does === 'free NodeHash' ||
    does === 'store hk_rcvdata' ||
    does === 'load nd_name' ||
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

export const meaningOf = (
  access: Access,
  answer: number,
  held: number,
  word: Word,
  arena: Int32Array,
): readonly Meant[] => {
  const { kind: does, operand } = access;
  const { kind, field, record } = word;
  if (kind === 'thread' && field === 'er_section' && does === 'store')
    return [{ does: (operand & 0xff) > (held & 0xff) ? 'NET_EPOCH_ENTER' : 'NET_EPOCH_EXIT' }];
  const of = record === null ? {} : { of: record };
  if ((field === 'q_mtx' || field === 'mutex') && !isFree(access, word))
    return ofMutex(access, answer, held, field).map((meant) => ({ ...meant, ...of }));
  if (does === 'store' && (field === 'ng_worklist_first' || (field === 'q_work' && operand === 0 && record !== null)))
    return ofWorklist(field);
  if (rwlocks.has(field)) return ofLock(access, answer, field);
  if (isFree(access, word)) {
    const freed = word.frees!;
    return [
      { does: CALLBACK, of: freed },
      { does: freed instanceof Hook ? 'load hk_node' : 'load nd_type', of: freed },
      ...Object.values(apart).map(({ field }) => ({ does: `load ${field}`, ifDue: true as const })),
    ];
  }
  if (record === null) return does === 'store' ? madeBy(word) : [];
  if (does === 'store' && (field === 'nd_private' || field === 'hk_private'))
    return hungOn(record, operand, word.type, arena);
  // A table has grown: all that has been moved was moved under the lock.
  if (field.endsWith('_hmask')) return does === 'store' ? [{ does: 'free NodeHash' }] : [];
  if (field === 'pending' || field === 'cc_exec_curr') return ofWheel(access, field, record);
  // Under the lock of the wheel it belongs to the step that does all that is done there.
  if (field === 'c_arg' && does === 'store')
    return operand === POISON ? [] : [{ does: 'store c_arg', of: record, ifDue: true }];
  if (field === 'hk_rcvdata')
    return does === 'store' && operand !== POISON ? [{ does: 'store hk_rcvdata', of: record }] : [];
  if (loaded.has(field)) return does === 'load' ? [{ does: `load ${field}`, of: record, ifDue: true }] : [];
  if (!isCompared(record, field)) return [];
  // Who finds no reference left takes none: that is all of refcount_acquire_if_not_zero.
  if (does === 'load' && field.endsWith('_refs'))
    return answer === 0 ? [{ does: `refcount_acquire_if_not_zero ${field}`, of: record, ifDue: true }] : [];
  if (does === 'load') return [...lookedUp(field), { does: `load ${field}`, of: record, ifDue: true }];
  return operationOf(does, answer === operand, field, operand).map((meant) => ({ ...meant, ...of }));
};

/** The last store of the set-up of a hook or a node. */
const madeBy = ({ kind, field, fresh }: Word): readonly Meant[] => {
  if (fresh === 0) return [];
  if (kind === 'hook' && field === 'hk_name') return [{ does: 'alloc Hook', makes: madeOf(fresh, null) }];
  return kind === 'node' && field === 'nd_refs' ? [{ does: 'alloc Node', makes: madeOf(fresh, null) }] : [];
};

/** Private data is made when it is hung on its owner, for nobody can come to it before. The hooks of a hole have some, and those of ipfw. */
const hungOn = (owner: Shared, pointer: number, type: string, arena: Int32Array): readonly Meant[] => {
  if (pointer === 0 || pointer === POISON) return [];
  if (owner instanceof Hook)
    return [{ does: 'alloc HoleHookInfo', or: 'alloc IpfwHookPrivate', makes: madeOf(pointer, owner) }];
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

const ofMutex = ({ kind, operand }: Access, answer: number, held: number, field: string): readonly Meant[] => {
  if (kind === 'compareExchange') return held === 0 && answer === operand ? [{ does: `mtx_lock ${field}` }] : [];
  return kind === 'exchange' ? [{ does: `mtx_unlock ${field}` }] : [];
};

/**
 * Each of the two critical sections of the worklist is one step of the model: to put a node there at its first store, which is to q_work; to take
 * one when the head of the list is changed. A thread of the library can look under the mutex and find nothing, which is no step.
 */
const ofWorklist = (field: string): readonly Meant[] => [
  { does: 'mtx_lock ng_worklist_mtx', ...(field === 'q_work' ? {} : { ifDue: true }) },
];

/**
 * The reader/writer locks. What the model does under one of them is one step, or as many as others can come between: the W lock is taken
 * with all that is done under it, the R lock of the ID hash together with the load of `nd_flags` that follows it. Where the step that gives the lock
 * back is one with another, the library gives it back later than the model. The topology lock is always taken and given back in a step of its own.
 */
const ofLock = ({ kind, operand, replacement }: Access, answer: number, field: string): readonly Meant[] => {
  if (kind === 'compareExchange') {
    if (answer !== operand) return [];
    if ((replacement & ~operand & 1) !== 0) return [{ does: `rw_wlock ${field}` }];
    const reads = replacement - operand === 4 && field !== 'ng_idhash_lock';
    return reads ? [{ does: `rw_rlock ${field}` }] : [];
  }
  if (kind === 'exchange')
    return [{ does: `rw_wunlock ${field}`, ...(field === 'ng_topo_lock' ? {} : { ifDue: true }) }];
  if (kind !== 'sub') return [];
  // Not found by its ID: nothing but the lock was touched.
  const whole: readonly Meant[] = field === 'ng_idhash_lock' ? [{ does: `rw_rlock ${field}`, ifDue: true }] : [];
  return [...whole, { does: `rw_runlock ${field}`, ...(field === 'ng_topo_lock' ? {} : { ifDue: true }) }];
};

/**
 * Each critical section of the wheel is one step of the model: the store that says whether the callout is on the wheel, which all that do something to
 * one have. Who looks and finds nothing, or that he must wait, does no step.
 */
const ofWheel = ({ kind, operand }: Access, field: string, wheel: Shared): readonly Meant[] => {
  if (kind !== 'store' || operand === POISON) return [];
  if (field === 'cc_exec_curr') return operand === 0 ? [{ does: 'store cc_exec_curr', of: wheel }] : [];
  return [
    operand === 0 ? { does: 'load cc_exec_curr', or: 'load pending', of: wheel } : { does: 'load pending', of: wheel },
  ];
};

const lookedUp = (field: string): readonly Meant[] =>
  field === 'nd_flags' ? [{ does: 'rw_rlock ng_idhash_lock', ifDue: true }] : [];

const operationOf = (does: Access['kind'], succeeds: boolean, field: string, operand: number): readonly Meant[] => {
  const isCount = field.endsWith('_refs');
  switch (does) {
    case 'store':
      return operand === POISON ? [] : [{ does: `store ${field}` }];
    case 'add':
      return [{ does: isCount ? `refcount_acquire ${field}` : `atomic_add ${field}` }];
    case 'sub':
      return [{ does: isCount ? `refcount_release ${field}` : `atomic_subtract ${field}` }];
    case 'or':
      return [{ does: `atomic_set ${field}` }];
    case 'and':
      return [{ does: `atomic_clear ${field}`, or: `store ${field}` }];
    case 'compareExchange':
      if (!isCount) return [{ does: `atomic_cmpset ${field}` }];
      return succeeds ? [{ does: `refcount_acquire ${field}`, or: `refcount_acquire_if_not_zero ${field}` }] : [];
    default:
      return [];
  }
};
