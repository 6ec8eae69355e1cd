import { Hook } from '../../spec/hook.ts';
import { Node } from '../../spec/node.ts';
import type { Shared } from '../machine/record.ts';
import { bases, hook_, node_, placeOf, pointerTo, slotOf, typeNames, at, type Pointer } from '../netgraph/index.ts';
import type { Access } from './access.ts';
import type { Graph } from './graph.ts';
import { handedOver, placesOf } from './private.ts';
import type { Look, Made } from './subject.ts';

/**
 * Which record of the specification a word of the arena is of. Memory of the library is used again: what is made in the run can have the memory
 * of a hook that was freed in it, and the specification has a record of its own for each. So it is the life of the memory that says which.
 */
export type Word = {
  readonly kind: string;
  readonly number: number;
  readonly field: string;
  readonly record: Shared | null;
  /** Whose memory begins to go when it is poisoned. */
  readonly frees: Shared | null;
  /** Of a node, its type. */
  readonly type: string;
  /** What leads to it, where it is in use and of no record yet. */
  readonly fresh: Pointer;
};

const generations = { node: node_.generation, hook: hook_.generation, private: bases.private } as const;
type Kind = keyof typeof generations;
const isKind = (kind: string): kind is Kind => kind in generations;
const kindOf = (record: Shared): Kind =>
  record instanceof Node ? 'node' : record instanceof Hook ? 'hook' : 'private';

const lifeOf = (p: Pointer): number => p >>> 13;

/** Memory of a record that is made in the run. */
export const madeOf = (pointer: Pointer, owner: Shared | null): Made => ({ pointer, offset: at(pointer, 0), owner });

export const placed = (address: number, does: Access['kind'], graph: Graph, look: Look): Word => {
  const { kind, slot: number, field } = placeOf(address);
  const type = kind === 'node' ? typeNames[look.words[at(number, node_.nd_type)]!]! : '';
  const nothing = { kind, number, field, type, record: null, frees: null, fresh: 0 };
  if (!isKind(kind)) {
    const [record, known] = graph.fields.get(address) ?? [null, field];
    return {
      ...nothing,
      record,
      field: known,
      frees: record !== null && handedOver[record.type.name]?.field === known ? record : null,
    };
  }
  if (graph.made.length === 0) return { ...nothing, ...asLaid(kind, number, address, field, graph, look) };
  const generation = look.words[at(number, generations[kind])]!;
  const last = newest(kind, number, graph, look);
  const p = last < 0 ? laidPointer(kind, number, graph) : look.made[last]!.pointer;
  if (!isOf(p, generation, does))
    return { ...nothing, fresh: generation % 2 === 0 ? 0 : pointerTo(number, generation) };
  if (last < 0) return { ...nothing, ...asLaid(kind, number, address, field, graph, look) };
  return { ...nothing, ...asMade(kind, address, field, graph.made[last]!, look.made[last]!, look, graph) };
};

/** While it is made anew, what is stored is no more of who had the memory before. */
const isOf = (p: Pointer, generation: number, does: Access['kind']): boolean =>
  generation === lifeOf(p) || (generation === lifeOf(p) + 1 && does !== 'store');

/** What leads to the record that had the memory at the beginning; 0: none had. */
const laidPointer = (kind: Kind, number: number, { byPointer, pointers, privates }: Graph): Pointer => {
  if (kind === 'private') return privates.get(number)?.pointer ?? 0;
  const record = byPointer.get(`${kind} ${number}`);
  return record === undefined ? 0 : pointers.get(record)!;
};

/** Number of the made record that got this memory last, or -1. */
const newest = (kind: Kind, number: number, graph: Graph, { made }: Look): number => {
  let found = -1;
  for (let i = 0; i < made.length; i++) {
    const one = made[i]!;
    if (one === null || slotOf(one.pointer) !== number || kindOf(graph.made[i]!) !== kind) continue;
    if (found < 0 || one.pointer > made[found]!.pointer) found = i;
  }
  return found;
};

/** The hook that a pointer leads to. */
export const hookAt = (p: Pointer, graph: Graph, look: Look): Shared | null =>
  placed(at(p, hook_.hk_flags), 'load', graph, look).record;

type Found = Pick<Word, 'record' | 'field' | 'frees'>;

/** The first word of a record that is freed with nothing else, after it has been handed over. */
const frees = (record: Shared | null, field: string, { owning }: Graph, { made }: Look): Shared | null => {
  if (field !== 'ec_next' || record === null || owning.has(record)) return null;
  return made.some((one) => one?.owner === record) ? null : record;
};

const asLaid = (kind: Kind, number: number, address: number, field: string, graph: Graph, look: Look): Found => {
  if (kind === 'private') {
    const [record, known] = graph.fields.get(address) ?? [null, ''];
    return { record, field: known, frees: field === 'word0' ? (graph.privates.get(number)?.owner ?? null) : null };
  }
  const record = graph.byPointer.get(`${kind} ${number}`) ?? null;
  return { record, field, frees: frees(record, field, graph, look) };
};

const asMade = (
  kind: Kind,
  address: number,
  field: string,
  record: Shared,
  { pointer, owner }: Made,
  look: Look,
  graph: Graph,
): Found => {
  if (kind !== 'private') return { record, field, frees: frees(record, field, graph, look) };
  const known = placesOf(record, pointer).find(([, place]) => place === address)?.[0] ?? '';
  return { record, field: known, frees: field === 'word0' ? owner : null };
};
