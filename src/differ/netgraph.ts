import { build, type Scenario } from '../../spec/scenario.ts';
import { designs } from '../../spec/designs.ts';
import { ng_ether_rcv_lower, ng_ether_rcv_upper } from '../../spec/ether.ts';
import { ng } from '../../spec/globals.ts';
import { Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { Mbuf } from '../../spec/mbuf.ts';
import { ng_deadnode as deadnode, Node } from '../../spec/node.ts';
import { isRecord, type Shared } from '../machine/record.ts';
import type { Value } from '../machine/operation.ts';
import { at, hook_, ng_deadnode, node_, td_, threadOf, type Design } from '../netgraph/index.ts';
import { BUILDER, lay, type Graph } from './graph.ts';
import { asksFor, listings } from './listings.ts';
import { LAST, programsOf } from './programs.ts';
import { hookAt, placed } from './place.ts';
import { isFree, meaningOf, silenceOf, WAITED } from './meaning.ts';
import { namesIn, type Names } from './names.ts';
import { partNumber, placesOf, unshown, wheel } from './private.ts';
import { shownField, type Shown, type Subject } from './subject.ts';

/**
 * The library `src/netgraph` beside the specification of the same design. The nodes and hooks of a scenario are made by
 * the library itself, and have the same names on both sides; each access of the library to a word of them is a step of the model.
 */

/** What `hk_rcvdata` can be, by its number in the library. */
const routines: readonly Value[] = [null, ng_ether_rcv_lower, ng_ether_rcv_upper];

/** The design of the specification that each design of the library follows. */
export const specified: Readonly<Record<Design, string>> = { lockfree: 'lockfree', rwlock: 'repair-4' };

/** The design of the library that follows one of the specification's; of those that none follows, the one that data does not wait in. */
export const librarysOf = (design: string): Design => (design === specified.rwlock ? 'rwlock' : 'lockfree');

/**
 * The library's ng_iface is the same in both its designs: it finds its hook in the section of the sender. And the words of its network stack stay
 * when that has ended, so nobody waits until the last node has gone.
 */
const modelOf = (design: Design): Readonly<Record<string, boolean>> => ({
  ...designs[specified[design]]!.switches,
  'iface-in-epoch': true,
  'teardown-awaits-nodes': false,
});

export const netgraphSubject = (name: string, scenario: Scenario, design: Design = 'lockfree'): Subject => {
  const world = build(scenario, modelOf(design));
  world.set(ng, { vnetGoes: false });
  const graph = lay(scenario, world, design);
  const names = namesIn(threadOf(graph.arena, BUILDER, design));
  const td = (thread: number) => (arena: Int32Array) => threadOf(arena, thread, design, scenario.stack);
  const { threads, own } = programsOf(world, scenario, graph, td);
  const runner = world.cpus.length;
  const isCallbacks = (thread: number, operation: number): boolean =>
    thread < own && operation >= threads[thread]!.program.length - LAST.length;
  return {
    name,
    initial: Int32Array.from(graph.arena),
    world,
    threads,
    made: graph.made,
    meaning: (access, answer, thread, operation, held, look) => {
      const word = placed(access.address, access.kind, graph, look);
      const meant = meaningOf(access, answer, held, word, look, (p) => hookAt(p, graph, look));
      if (isFree(access, word) || (isCallbacks(thread, operation) && word.kind !== 'thread'))
        return meant.map((one) => (one.does === WAITED ? one : { ...one, cpu: runner }));
      // An ngthread runs callbacks too, between two looks for work.
      return word.field === 'nd_refs' && thread >= own ? meant.map((one) => ({ ...one, orCpu: runner })) : meant;
    },
    silence: silenceOf,
    shown: shownOf(graph, threads.length, names),
    ...(asksFor(scenario) ? { answers: listings(world, graph, names) } : {}),
    pools: true,
    wordName: (address) => {
      const { kind, field, record, number } = placed(address, 'load', graph, { words: graph.arena, made: [] });
      return `${field} of ${record === null ? `${kind}${number}` : world.title(record)}`;
    },
  };
};

/** What both show: flags, counts, links, lists, private data, lives, sections. */
const shownOf = ({ pointers, fields, made, arena }: Graph, threads: number, { numberOf }: Names): readonly Shown[] => {
  const number = (value: Value): number => {
    if (value instanceof Mbuf) return 1;
    if (isRecord(value)) return pointers.get(value) ?? partNumber(value) ?? 0;
    return typeof value === 'function' ? 1 : Number(value); // a routine, or NULL or a number
  };
  /** A node that the scenario gives no name can have one in the library: that of its interface. A new hook gets its name later in the model. */
  const shownName = (record: Hook | Node, p: number): Shown => {
    if (record instanceof Hook)
      return shownField(at(p, hook_.hk_name), record, 'hk_name', (text) => (text === '' ? null : numberOf(text)));
    const address = at(p, node_.nd_name);
    return shownField(address, record, 'nd_name', (text) =>
      text === '' && p !== 0 ? arena[address]! : numberOf(text),
    );
  };
  const rows: Shown[] = [];
  for (const [record, p] of pointers)
    if ((record instanceof Hook || record instanceof Node) && record !== deadhook && record !== deadnode)
      rows.push(...shownRecord(record, p, number), shownName(record, p));
  for (const [address, [record, name]] of fields)
    if (record === wheel && name === 'pending')
      rows.push(shownField(address, record, name, (value) => (value === null ? 0 : 1), 1));
    // A table that has gone has no mask; one of the library's has one bucket then.
    else if (name.endsWith('_hmask'))
      rows.push(shownField(address, record, name, (value) => (value === 0 ? null : number(value))));
    else if (!unshown.has(name)) rows.push(shownField(address, record, name, number));
  made.forEach((record, within) => {
    for (const row of record instanceof Hook || record instanceof Node
      ? [...shownRecord(record, 0, number), shownName(record, 0)]
      : shownPrivate(record, number))
      rows.push({ ...row, within });
  });
  for (let cpu = 0; cpu < threads; cpu++)
    rows.push({
      address: at(cpu, td_.er_section),
      mask: 0xff,
      of: { kind: 'sections', cpu },
      encode: (n) => n as number,
    });
  return rows;
};

const shownPrivate = (record: Shared, number: (value: Value) => number): readonly Shown[] =>
  placesOf(record, 0)
    .filter(([name]) => !unshown.has(name))
    .map(([name, address]) => shownField(address, record, name, number));

/** `p`: 0 of what is made in the run. */
const shownRecord = (record: Shared, p: number, number: (value: Value) => number): readonly Shown[] => {
  // A new hook has no node for a while; for the library that is ng_deadnode.
  const nodeOf = (value: Value): number => (value === null ? ng_deadnode : number(value));
  if (record instanceof Hook)
    return [
      shownField(at(p, hook_.hk_rcvdata), record, 'hk_rcvdata', (value) => routines.indexOf(value)),
      shownField(at(p, hook_.hk_node), record, 'hk_node', nodeOf),
      ...(['hk_flags', 'hk_peer', 'hk_refs', 'cle_next'] as const).map((name) =>
        shownField(at(p, hook_[name]), record, name, number),
      ),
      lives(record, p, at(p, hook_.generation)),
    ];
  return [
    ...(['nd_flags', 'nd_refs', 'nd_hooks', 'nd_numhooks', 'q_flags', 'q_flags2'] as const).map((name) =>
      shownField(at(p, node_[name]), record, name, number),
    ),
    lives(record, p, at(p, node_.generation)),
  ];
};

/** A record that has not been freed is in the life that it was laid for; of what was made in the run, in one. */
const lives = (record: Shared, p: number, address: number): Shown => ({
  address,
  ...(p === 0 ? { mask: 1 } : {}),
  of: { kind: 'life', record },
  encode: (value) => (value === 'freed' ? null : p === 0 ? 1 : p >>> 13),
});

/** For threads: what the subject is made of, as text, and from it. */
export const keyOf = (scenario: Scenario, design: Design = 'lockfree'): string => JSON.stringify({ scenario, design });
export const subjectOf = (key: string): Subject => {
  const { scenario, design } = JSON.parse(key) as { scenario: Scenario; design: Design };
  return netgraphSubject('', scenario, design);
};
