import { build, type Scenario } from '../../spec/scenario.ts';
import { designs } from '../../spec/designs.ts';
import { CALLBACK } from '../explore/next.ts';
import type { Shared } from '../machine/record.ts';
import { isRecord, slot } from '../machine/record.ts';
import type { Value } from '../machine/operation.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import {
  at, attach, ask, create, hook_, hookOf, make, ng_deadhook, ng_deadnode, node_, placeOf, POISON, post, runCallbacks, send,
  serviceQueue, td_, threadOf, type Pointer, type Td, type TypeName,
} from '../netgraph/index.ts'; // prettier-ignore
import type { Access } from './access.ts';
import type { Program } from './control.ts';
import { shownField, type Meant, type Shown, type Silence, type Subject, type Thread } from './subject.ts';

/**
 * The library `src/netgraph` in the design lockfree beside the specification of the same design. The nodes and hooks of a scenario are made by
 * the library itself, and have the same names on both sides; each access of the library to a word of them is a step of the model.
 */

/** Why a scenario cannot be compared, or null. */
export const unsupported = ({ nodes, cpus, hooks = 0, newNodes = 0, reuse, stack }: Scenario): string | null => {
  for (const { type, forceWriter, queued, name } of Object.values(nodes)) {
    if (type !== 'iface' && type !== 'hole') return `the mapping does not know nodes of type ${type} yet`;
    if (forceWriter === true || queued !== undefined || name !== undefined)
      return 'the library does not set up nodes that force writers, queue, or have names yet';
  }
  if (hooks > 0 || newNodes > 0 || reuse === true || stack !== undefined)
    return 'the mapping does not follow what is made in the run yet';
  for (const operation of cpus.flatMap(({ run }) => run)) {
    const command = Object.keys(operation)[0]!;
    if ('send' in operation) continue;
    if ('rmhook' in operation && operation.rmhook.node !== undefined && operation.rmhook.from === undefined) continue;
    if ('shutdown' in operation && operation.shutdown.node !== undefined && operation.shutdown.from === undefined)
      continue;
    return `the mapping does not know the operation ${command} yet`;
  }
  return null;
};

/** How often each ngthread looks for work before its program ends; what is left then is as if it came later. */
const LOOKS = 3;
const BUILDER = 31;
const HK_HI_STACK = 0x10;

type Laid = {
  readonly arena: Int32Array;
  readonly nodes: ReadonlyMap<string, Pointer>;
  readonly hooks: ReadonlyMap<string, Pointer>;
};

/** The graph, made by the library. */
const lay = ({ nodes, links }: Scenario): Laid => {
  const arena = create('lockfree');
  const td = attach(arena, BUILDER) as Td;
  const made = new Map(Object.entries(nodes).map(([name, { type }]) => [name, make(td, type as TypeName)]));
  const hooks = new Map<string, Pointer>();
  for (const [one, other] of links) {
    const [[a, hook], [b, peerhook]] = [one!.split(':'), other!.split(':')] as [[string, string], [string, string]];
    const ID = Atomics.load(arena, at(made.get(b)!, node_.nd_ID)).toString(16);
    ask(td, made.get(a)!, { cmd: 'connect', hook, path: `[${ID}]:`, peerhook });
    hooks.set(one!, hookOf(td, made.get(a)!, hook)).set(other!, hookOf(td, made.get(b)!, peerhook));
  }
  return { arena, nodes: made, hooks };
};

const programOf = ({ run }: Scenario['cpus'][number], thread: number, { nodes }: Laid): Program => {
  const td = (arena: Int32Array): Td => threadOf(arena, thread, 'lockfree');
  const deeds = run.map((operation) => (arena: Int32Array): number => {
    if ('send' in operation) return send(td(arena), nodes.get(operation.send.node)!, 1);
    if ('rmhook' in operation) {
      const { node, hook } = operation.rmhook;
      return post(td(arena), nodes.get(node!)!, { cmd: 'rmhook', hook });
    }
    const { node } = (operation as { shutdown: { node: string } }).shutdown;
    return post(td(arena), nodes.get(node)!, { cmd: 'shutdown' });
  });
  return [...deeds, (arena) => runCallbacks(td(arena)), (arena) => runCallbacks(td(arena))];
};

export const netgraphSubject = (name: string, scenario: Scenario): Subject => {
  const world = build(scenario, designs.lockfree!.switches);
  const laid = lay(scenario);
  const records = recordsOf(scenario, laid);
  const { cpus, ngthreads } = scenario;
  const threads: Thread[] = cpus.map((cpu, i) => ({
    name: world.cpus[i]!.name,
    cpu: i,
    program: programOf(cpu, i, laid),
  }));
  for (let i = 0; i < ngthreads; i++) {
    const thread = cpus.length + i;
    const look = (arena: Int32Array) => serviceQueue(threadOf(arena, thread, 'lockfree'));
    threads.push({ name: `ngthread${i}`, cpu: thread, program: Array.from({ length: LOOKS }, () => look) });
  }
  const runner = world.cpus.length;
  const isCallbacks = (thread: number, operation: number): boolean =>
    thread < cpus.length && operation >= cpus[thread]!.run.length;
  return {
    name,
    initial: Int32Array.from(laid.arena),
    world,
    threads,
    meaning: (access, answer, thread, operation, held) => {
      const { kind, field, record } = placed(access.address, records);
      const meant = meaningOf(access, answer, held, kind, field, record);
      if (field === 'ec_next' || (isCallbacks(thread, operation) && kind !== 'thread'))
        return meant.map((one) => ({ ...one, cpu: runner }));
      // An ngthread runs callbacks too, between two looks for work.
      return field === 'nd_refs' && thread >= cpus.length ? meant.map((one) => ({ ...one, orCpu: runner })) : meant;
    },
    silence: silenceOf,
    shown: shownOf(records, threads.length),
    wordName: (address) => {
      const { kind, field, record, number } = placed(address, records);
      return `${field} of ${record === null ? `${kind}${number}` : world.title(record)}`;
    },
  };
};

type Records = { readonly byPointer: ReadonlyMap<string, Shared>; readonly pointers: ReadonlyMap<Shared, Pointer> };

const SLOT = 0x1fff;

const recordsOf = ({ nodes, links }: Scenario, laid: Laid): Records => {
  const nodeRecords = Object.keys(nodes).map((name, i) => [laid.nodes.get(name)!, slot(Node, i + 1)] as const);
  const hookRecords = links.flat().map((name, i) => [laid.hooks.get(name)!, slot(Hook, i + 1)] as const);
  const all = [
    ...nodeRecords.map(([p, record]) => ['node', p, record] as const),
    ...hookRecords.map(([p, record]) => ['hook', p, record] as const),
    ['node', ng_deadnode, deadnode as Shared] as const,
    ['hook', ng_deadhook, deadhook as Shared] as const,
  ];
  return {
    byPointer: new Map(all.map(([kind, p, record]) => [`${kind} ${p & SLOT}`, record])),
    pointers: new Map(all.map(([, p, record]) => [record, p])),
  };
};

const placed = (address: number, { byPointer }: Records) => {
  const { kind, slot: number, field } = placeOf(address);
  return { kind, field, number, record: byPointer.get(`${kind} ${number}`) ?? null };
};

/** Fields of nodes and hooks that are compared access by access. */
const compared = new Set([
  'hk_flags', 'hk_peer', 'hk_node', 'hk_refs', 'cle_next', 'cle_prev', 'nd_flags', 'nd_refs', 'nd_hooks', 'nd_numhooks',
  'q_flags', 'q_flags2', 'q_mtx', 'queue_first', 'queue_last', 'ng_topo_lock', 'ng_worklist_mtx',
]); // prettier-ignore

const wordOf = (does: string): string => does.slice(does.indexOf(' ') + 1);

/**
 * Items, private data and ghosts are not compared. A load of a compared word is one of the library's, where the library does it; what it
 * knows from before it does not load again.
 */
const silenceOf = (step: string, does: string, record: Shared | null): Silence | null => {
  if (does === 'NET_EPOCH_ENTER' || does === 'NET_EPOCH_EXIT' || step.startsWith('reap')) return null;
  if (record === null || !compared.has(wordOf(does))) return 'at once';
  return does.startsWith('load ') ? 'late' : null;
};

const meaningOf = (
  { kind: does, operand, replacement }: Access,
  answer: number,
  held: number,
  kind: string,
  field: string,
  record: Shared | null,
): readonly Meant[] => {
  const of = record === null ? {} : { of: record };
  if (kind === 'thread' && field === 'er_section' && does === 'store')
    return [{ does: (operand & 0xff) > (held & 0xff) ? 'NET_EPOCH_ENTER' : 'NET_EPOCH_EXIT' }];
  const isLock = field === 'q_mtx' || field === 'ng_worklist_mtx';
  if (isLock && does === 'compareExchange')
    return held === 0 && answer === operand ? [{ does: `mtx_lock ${field}`, ...of }] : [];
  if (field === 'q_mtx' && does === 'exchange') return [{ does: 'mtx_unlock q_mtx', ...of }];
  if (field === 'ng_topo_lock' && does === 'compareExchange')
    return answer === operand && (replacement & ~operand & 1) !== 0 ? [{ does: 'rw_wlock ng_topo_lock' }] : [];
  if (field === 'ng_topo_lock' && does === 'exchange') return [{ does: 'rw_wunlock ng_topo_lock' }];
  if (record === null) return [];
  if (field === 'ec_next' && does === 'store' && operand === POISON)
    return [
      { does: CALLBACK, of: record },
      { does: kind === 'hook' ? 'load hk_node' : 'load nd_type', of: record },
    ];
  if (!compared.has(field)) return [];
  // Who finds no reference left takes none: that is all of refcount_acquire_if_not_zero.
  if (does === 'load' && field.endsWith('_refs'))
    return answer === 0 ? [{ does: `refcount_acquire_if_not_zero ${field}`, of: record, ifDue: true }] : [];
  if (does === 'load') return [{ does: `load ${field}`, of: record, ifDue: true }];
  return operationOf(does, answer === operand, field, operand).map((meant) => ({ ...meant, ...of }));
};

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

/** What both show: flags, counts, links, lists, lives, sections. */
const shownOf = ({ pointers }: Records, threads: number): readonly Shown[] => {
  const number = (value: Value): number =>
    isRecord(value) ? (pointers.get(value) ?? 0) : value === null ? 0 : (value as number);
  const sameBits = (value: Value): number => (value as number) & ~HK_HI_STACK;
  const life = (generation: number) => (value: Value) => (value === 'freed' ? null : generation);
  const rows: Shown[] = [];
  for (const [record, p] of pointers) {
    if (record === deadhook || record === deadnode) continue;
    if (record instanceof Hook)
      rows.push(
        shownField(at(p, hook_.hk_flags), record, 'hk_flags', sameBits, ~HK_HI_STACK),
        ...(['hk_peer', 'hk_node', 'hk_refs', 'cle_next'] as const).map((name) =>
          shownField(at(p, hook_[name]), record, name, number),
        ),
        { address: at(p, hook_.generation), of: { kind: 'life', record }, encode: life(p >>> 13) },
      );
    else
      rows.push(
        ...(['nd_flags', 'nd_refs', 'nd_hooks', 'nd_numhooks', 'q_flags', 'q_flags2'] as const).map((name) =>
          shownField(at(p, node_[name]), record, name, number),
        ),
        { address: at(p, node_.generation), of: { kind: 'life', record }, encode: life(p >>> 13) },
      );
  }
  for (let cpu = 0; cpu < threads; cpu++)
    rows.push({
      address: at(cpu, td_.er_section),
      mask: 0xff,
      of: { kind: 'sections', cpu },
      encode: (n) => n as number,
    });
  return rows;
};

/** For threads: the key is the scenario as JSON. */
export const subjectOf = (key: string): Subject => netgraphSubject('', JSON.parse(key) as Scenario);
