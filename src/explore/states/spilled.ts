import { fingerprintOf } from './fingerprints.ts';
import { ascending, Runs, type Keys, type Tape } from './sortedRuns.ts';
import { States } from './states.ts';
import type { Reached } from './visited.ts';

/** Where a search keeps what memory has no room for. */
export type Disk = {
  /** How much memory its states may take, in bytes. */
  readonly memory: number;
  readonly tape: () => Tape;
};

/** Where a search is, in the numbers of a set of states that changes them. */
export type Place = {
  /** The state to go on from next. */
  readonly at: number;
  readonly transitions: number;
  /** States without a step. */
  readonly ends: number;
};
/** The same place when the numbers have changed: how far from the beginning it is, and where the states end that are as far. */
export type Settled = Place & {
  readonly depth: number;
  readonly levelEnd: number;
  /** What number a state has now. */
  readonly now: (number: number) => number;
};

/**
 * The states found so far, each once, of which only the latest are in memory. All are on a tape in the order of their numbers, each with its parent;
 * the numbers by the hashes of their states are on another (Runs).
 *
 * A step leads most often to a state that is new, or was found not long ago: the programs go on and not back (Della Penna et al., STTT 2004). So a state is looked for
 * in memory only, and taken for new if it is not there. Now and then, when memory is full, all states since the last time are looked for on
 * the tape, at once: `settle`. Those that are there are struck out, and the numbers of the others close the gaps.
 *
 * Until then the search goes on from such a state once more. That finds nothing: the state was gone on from before (the queue keeps
 * the order of the numbers, and it has had a smaller one), so what its steps lead to has been found then, and is struck out too. So no state that is left has a
 * parent that is struck out, and it is found by the same step of the same parent, in the same order, as if all had been in memory. What was
 * counted twice meanwhile, steps and ends, is taken back. The comparison is exact: where hashes agree, the words are compared.
 *
 * Cost: in memory 20 bytes for each state since the last time, and of the latest of those before it 14 to 16; three times as many while it settles. On disk
 * 16 bytes and the words of the state. To settle reads 12 bytes for each state that there is.
 */
export class Spilled implements Reached {
  readonly #words: number;
  readonly #memory: number;
  readonly #log: Tape;
  readonly #runs: Runs;
  /** The latest states. The first of them has number `#first`. */
  #latest: States;
  #first = 0;
  /** How many are on the tape; those from here on may be there too, under another number. */
  #settled = 0;
  /** Of each of these its parent, and how many steps of it have been. */
  #parents = new Int32Array(SMALLEST);
  #steps = new Uint16Array(SMALLEST);
  /** The first state of each level. */
  #levels: number[] = [];
  /** With so many states it is time to look how much memory they take. */
  #look = SMALLEST;
  /** A piece of the tape, from which states are read in their order. */
  readonly #piece: Int32Array;
  #pieceAt = -1;

  constructor(words: number, { memory, tape }: Disk) {
    this.#words = words;
    this.#memory = memory;
    this.#log = tape();
    this.#runs = new Runs(tape());
    // Compiled trees are for those that stay: each has a memory of its own.
    this.#latest = new States(words, { pages: 0 });
    this.#piece = new Int32Array(PIECE * (1 + words));
  }

  get count(): number {
    return this.#first + this.#latest.count;
  }

  /** To be called for each step that leads anywhere. */
  add(state: Int32Array, parent: number): void {
    const number = this.count;
    const unsettled = number - this.#settled;
    if (parent >= this.#settled) this.#steps[parent - this.#settled]!++;
    if (this.#first + this.#latest.add(state) < number) return;
    if (unsettled === this.#parents.length) this.#grow();
    this.#parents[unsettled] = parent;
    this.#steps[unsettled] = 0;
    // The latest level is the one below that of the parent, or a new one.
    if (parent >= (this.#levels.at(-1) ?? -1)) this.#levels.push(number);
  }

  /** Copies state `index` into `into`. Those that are not in memory are read from the tape by the piece. */
  read(index: number, into: Int32Array): void {
    if (index >= this.#first) return this.#latest.read(index - this.#first, into);
    const at = this.#recordOf(index);
    for (let word = 0; word < this.#words; word++) into[word] = this.#piece[at + 1 + word]!;
  }

  parent(index: number): number {
    return index >= this.#settled ? this.#parents[index - this.#settled]! : this.#piece[this.#recordOf(index)]!;
  }

  /** Who needs to find states again needs them in memory: see search/breadthFirst.ts. */
  find(): never {
    throw new Error('[suite bug] a state is not looked up on a disk');
  }

  bytes(): number {
    return this.#latest.bytes() + this.#parents.byteLength + this.#steps.byteLength;
  }

  /** Whether it is time to settle: memory is full, with what it takes to do that. */
  isFull(): boolean {
    if (this.#latest.count < this.#look) return false;
    this.#look = this.#latest.count + Math.max(SMALLEST, this.#latest.count >>> 6);
    return 1.5 * this.bytes() + WORK * (this.count - this.#settled) > this.#memory;
  }

  /** Strikes out what was found before. */
  settle(place: Place): Settled {
    const kept = this.#settled - this.#first;
    const settled = this.#settled;
    const many = this.count - settled;
    const state = new Int32Array(this.#words);
    const keys = this.#keysOf(kept, many, state);
    const gone = this.#struck(keys, kept, state);
    /** Of each state since the last time, its number now; of one that is struck out, that of the next. */
    const numbers = new Int32Array(many + 1);
    numbers[0] = settled;
    for (let i = 0; i < many; i++) numbers[i + 1] = numbers[i]! + 1 - gone[i]!;
    const now = (number: number): number => (number < settled ? number : numbers[Math.min(number - settled, many)]!);
    let { transitions, ends } = place;
    for (let i = 0; i < Math.min(many, place.at - settled); i++)
      if (gone[i] === 1) {
        transitions -= this.#steps[i]!;
        if (this.#steps[i] === 0) ends--;
      }
    this.#write(kept, gone, now, state);
    this.#runs.write(
      keys,
      (i) => gone[i] === 0,
      (i) => numbers[i]!,
    );
    const at = now(place.at);
    const count = numbers[many]!;
    this.#levels = [...new Set(this.#levels.map(now))].filter((first) => first < count);
    this.#forget(kept, gone, count, state);
    const depth = Math.max(
      0,
      this.#levels.findLastIndex((first) => first <= at),
    );
    return { at, transitions, ends, depth, levelEnd: this.#levels[depth + 1] ?? count, now };
  }

  #keysOf(kept: number, many: number, state: Int32Array): Keys {
    const first = new Int32Array(many);
    const second = new Int32Array(many);
    for (let i = 0; i < many; i++) {
      this.#latest.read(kept + i, state);
      [first[i], second[i]] = fingerprintOf(state) as [number, number];
    }
    return { first, second, order: ascending(first) };
  }

  /** By state since the last time: 1 if it is on the tape. */
  #struck(keys: Keys, kept: number, state: Int32Array): Uint8Array {
    const gone = new Uint8Array(keys.first.length);
    const other = state.slice();
    const record = new Int32Array(1 + this.#words);
    this.#runs.meet(keys, (i, number) => {
      this.#latest.read(kept + i, other);
      this.#log.read(new Uint8Array(record.buffer), number * record.byteLength);
      if (other.every((word, w) => word === record[w + 1])) gone[i] = 1;
    });
    return gone;
  }

  /** Writes what is left to the tape, with the parents' numbers as they are now. */
  #write(kept: number, gone: Uint8Array, now: (number: number) => number, state: Int32Array): void {
    const record = 1 + this.#words;
    const piece = new Int32Array(PIECE * record);
    let [at, filled] = [this.#settled, 0];
    const flush = (): void => {
      this.#log.write(new Uint8Array(piece.buffer, 0, 4 * filled * record), 4 * at * record);
      at += filled;
      filled = 0;
    };
    for (let i = 0; i < gone.length; i++) {
      if (gone[i] === 1) continue;
      this.#latest.read(kept + i, state);
      const parent = this.#parents[i]!;
      if (parent >= this.#settled && gone[parent - this.#settled] === 1)
        throw new Error('[suite bug] a state that is struck out led to one that is not');
      piece[filled * record] = now(parent);
      piece.set(state, filled * record + 1);
      if (++filled === PIECE) flush();
    }
    flush();
  }

  /** Of the states that there are now, half as many as were in memory stay there: the latest. */
  #forget(kept: number, gone: Uint8Array, count: number, state: Int32Array): void {
    const before = this.#latest;
    const there = kept + count - this.#settled;
    const stay = Math.min(there, before.count >>> 1);
    const latest = before.another();
    let passed = 0;
    for (let i = 0; i < before.count; i++) {
      if (i >= kept && gone[i - kept] === 1) continue;
      if (passed++ < there - stay) continue;
      before.read(i, state);
      latest.add(state);
    }
    this.#latest = latest;
    this.#first = count - stay;
    this.#settled = count;
    this.#parents = new Int32Array(SMALLEST);
    this.#steps = new Uint16Array(SMALLEST);
    this.#look = stay + SMALLEST;
    this.#pieceAt = -1;
  }

  /** Where in the piece in memory the record of a state stands, which is read if it is another. */
  #recordOf(index: number): number {
    const record = 1 + this.#words;
    const from = index - (index % PIECE);
    if (from !== this.#pieceAt) {
      const many = Math.min(PIECE, this.#settled - from);
      this.#log.read(new Uint8Array(this.#piece.buffer, 0, 4 * many * record), 4 * from * record);
      this.#pieceAt = from;
    }
    return (index - from) * record;
  }

  #grow(): void {
    const [parents, steps] = [this.#parents, this.#steps];
    this.#parents = new Int32Array(2 * parents.length);
    this.#parents.set(parents);
    this.#steps = new Uint16Array(2 * steps.length);
    this.#steps.set(steps);
  }
}

/** States between two looks at how much memory there is, at least. */
const SMALLEST = 16;
/** Bytes that settling takes for each state since the last time: two words of hash, two orders, a number, a mark. */
const WORK = 21;
/** States that are read and written at a time. */
const PIECE = 1024;
