import type { Model } from '../model/model.ts';
import { Spilled, type Disk } from '../states/spilled.ts';
import { TooManyLocalStates } from '../model/stepper.ts';
import { Visited, type Reached } from '../states/visited.ts';
import type { Sink, Source } from '../states/words.ts';
import type { Watch } from '../model/watch.ts';

/**
 * A search that is kept to be gone on with later, as one row of 32-bit words. What writes it and what reads it do so in the same
 * order; nothing in it says what it is, so whoever keeps it must see to it that it is read for the same question only.
 *
 * Kept is what cannot be computed again: the states in the order of their finding, each with its parent; the numbers of the local states,
 * which are given in the order in which the search meets them; what the properties have read and what has been seen; and where the
 * search is. Everything else (tables, caches, halves of the tree) follows, so a search that goes on counts what it would have counted.
 */

/** Who keeps a search on its way. */
export type Keeping = {
  /** Whether it is time to. Asked every few thousand states. */
  readonly due: () => boolean;
  readonly keep: (write: (sink: Sink) => void) => void;
};

/** Where a search is, between two states. */
export type Position = {
  /** The state to go on from next. */
  readonly at: number;
  readonly transitions: number;
  /** States without a step. */
  readonly ends: number;
  readonly depth: number;
  readonly levelEnd: number;
};

/** `assumed`: the bits that a search with fewer orders takes for all that properties read; null: it leaves nothing out. */
export type Begun = { readonly position: Position; readonly visited: Reached; readonly assumed: Int32Array | null };

export const writeSearch = (sink: Sink, model: Model, watch: Watch, { position, visited, assumed }: Begun): void => {
  sink(localMask(model));
  model.locals.write(sink);
  watch.write(sink);
  model.stepper.fired.forEach(sink);
  sink(assumed === null ? 0 : 1);
  assumed?.forEach((word) => sink(word));
  for (const number of inOrder(position)) putLong(sink, number);
  writeStates(sink, visited, model.layout.words);
};

/**
 * Puts a model and its properties back to where the search was kept. Null: it was kept with narrower numbers of local states than the model
 * has now, so it must begin anew. Throws TooManyLocalStates when it was kept with wider ones.
 */
export const readSearch = (source: Source, model: Model, watch: Watch, disk: Disk | undefined): Begun | null => {
  const mask = source();
  if (mask > localMask(model)) throw new TooManyLocalStates(mask);
  if (mask < localMask(model)) return null;
  model.locals.read(source);
  watch.read(source);
  const { fired } = model.stepper;
  for (let c = 0; c < fired.length; c++) fired[c] = source();
  const assumed = source() === 0 ? null : Int32Array.from({ length: model.layout.words }, source);
  const [at, transitions, ends, depth, levelEnd] = Array.from({ length: 5 }, () => takeLong(source)) as Five;
  const visited = readStates(source, model.layout.words, disk);
  return { position: { at, transitions, ends, depth, levelEnd }, visited, assumed };
};

type Five = [number, number, number, number, number];
const inOrder = ({ at, transitions, ends, depth, levelEnd }: Position): Five => [
  at,
  transitions,
  ends,
  depth,
  levelEnd,
];

const localMask = ({ layout }: Model): number => layout.locals[0]?.mask ?? 0;

/** A count in two words: there can be more transitions than one has room for. */
const putLong = (sink: Sink, number: number): void => {
  sink(number | 0);
  sink(Math.floor(number / 2 ** 32));
};
const takeLong = (source: Source): number => {
  const low = source() >>> 0;
  return low + source() * 2 ** 32;
};

/** States differ little from the one before: of each, how far its parent is from the last one, which words have changed, and these. */
const writeStates = (sink: Sink, visited: Reached, words: number): void => {
  const state = new Int32Array(words);
  const before = new Int32Array(words);
  let latest = -1;
  putLong(sink, visited.count);
  for (let index = 0; index < visited.count; index++) {
    const parent = visited.parent(index);
    sink(parent - latest);
    latest = parent;
    visited.read(index, state);
    for (let first = 0; first < words; first += 32) {
      const end = Math.min(first + 32, words);
      let changed = 0;
      for (let word = first; word < end; word++) if (state[word] !== before[word]) changed |= 1 << (word - first);
      sink(changed);
      for (let word = first; word < end; word++) if (state[word] !== before[word]) sink((before[word] = state[word]!));
    }
  }
};

const readStates = (source: Source, words: number, disk: Disk | undefined): Reached => {
  const visited = disk === undefined ? new Visited(words) : new Spilled(words, disk);
  const state = new Int32Array(words);
  let parent = -1;
  for (let left = takeLong(source); left > 0; left--) {
    parent += source();
    for (let first = 0; first < words; first += 32) {
      const changed = source();
      for (let bit = 0; bit < 32; bit++) if ((changed & (1 << bit)) !== 0) state[first + bit] = source();
    }
    visited.add(state, parent);
    if (visited instanceof Spilled && visited.isFull()) visited.settle(begun);
  }
  return visited;
};

/** Nothing is counted while states are read. */
const begun = { at: 0, transitions: 0, ends: 0 };
