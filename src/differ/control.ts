import { onlyReads, sameAccess, type Access } from './access.ts';
import { Unfit, type Answered, type Operation, type Realm, type Stop } from './realm.ts';

/**
 * Where the program of a thread is: a point for each log of answers that its present operation can have had. From a point,
 * each answer leads to one further point, which is found by running the operation once and then known: going on is a look-up, and
 * going back is to remember the point. Nothing is run again in the loop that compares.
 */
export type Point = {
  readonly id: number;
  /** Number of the operation that is under way; how many there are when the program is over. */
  readonly operation: number;
  /** What the operations before it returned. */
  readonly returned: readonly number[];
  /** What it is about to do; null: the program is over. */
  readonly pending: Access | null;
  /** The calls and lines in which it is about to do it. */
  readonly site: string;
  /** The point before, and what led from there to here; null at the beginning of an operation. */
  readonly before: { readonly point: Point; readonly answer: number } | null;
  readonly next: Map<number, Point>;
  /** How often it was gone on from. */
  visits: number;
};

/** Each operation is given what those before it returned. */
export type Program = readonly ((arena: Int32Array, returned: readonly number[]) => number | void)[];

/** How long a turn of a loop can be that is recognised as a repetition. */
const LONGEST_TURN = 24;
/** Accesses of one operation beyond which it is given up: it would not end. */
const LONGEST_OPERATION = 2_000;
/** A known point is found once more on every visit whose number is a multiple of this, to see that the operation still does the same. */
const AUDIT = 4096;

export class Control {
  readonly #realm: Realm;
  readonly #program: Program;
  readonly #starts = new Map<string, Point>();
  readonly start: Point;
  count = 0;

  constructor(realm: Realm, program: Program) {
    this.#realm = realm;
    this.#program = program;
    this.start = this.#begin(0, []);
  }

  /** The point to which an answer leads. Cost: a look-up; the first time, a run of the operation. */
  after(point: Point, answer: number): Point {
    const known = point.next.get(answer);
    if (known !== undefined && ++point.visits % AUDIT !== 0) return known;
    const found = this.#find(point, answer);
    if (known !== undefined && known !== found && !isSame(known, found))
      throw new Unfit('an operation is not deterministic: on the same answers it went on differently');
    if (known !== undefined) return known;
    point.next.set(answer, found);
    return found;
  }

  /** What the present operation has been answered, from its start to this point. */
  logOf(point: Point): readonly Answered[] {
    const log: Answered[] = [];
    for (let at = point; at.before !== null; at = at.before.point)
      log.push({ access: at.before.point.pending!, answer: at.before.answer });
    return log.reverse();
  }

  #find(point: Point, answer: number): Point {
    const log = [...this.logOf(point), { access: point.pending!, answer }];
    if (log.length > LONGEST_OPERATION)
      throw new Unfit(`an operation does more than ${LONGEST_OPERATION} accesses: it does not seem to end`);
    const stop = this.#realm.run(this.#operation(point.operation, point.returned), log);
    if (stop.kind === 'returned') return this.#begin(point.operation + 1, [...point.returned, stop.value]);
    return repeated(point, log, stop) ?? this.#point(point.operation, point.returned, stop, { point, answer });
  }

  #operation(number: number, returned: readonly number[]): Operation {
    return (arena) => this.#program[number]!(arena, returned);
  }

  /** The beginning of an operation. One that touches nothing is over at once. */
  #begin(number: number, returned: readonly number[]): Point {
    const key = returned.join(' ');
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    const stop = number === this.#program.length ? null : this.#realm.run(this.#operation(number, returned), []);
    const start =
      stop?.kind === 'returned'
        ? this.#begin(number + 1, [...returned, stop.value])
        : this.#point(number, returned, stop, null);
    this.#starts.set(key, start);
    return start;
  }

  #point(operation: number, returned: readonly number[], stop: Standing | null, before: Point['before']): Point {
    const [pending, site] = stop === null ? [null, ''] : [stop.access, stop.site];
    return { id: this.count++, operation, returned, pending, site, before, next: new Map(), visits: 0 };
  }
}

type Standing = Extract<Stop, { kind: 'access' }>;

const isSame = (a: Point, b: Point): boolean =>
  a.operation === b.operation &&
  (a.pending === null || b.pending === null ? a.pending === b.pending : sameAccess(a.pending, b.pending));

/**
 * The normal form of logs: a turn of a loop that has only read, and read what the turn before it read, leaves no trace, when it
 * comes to the same line in the same calls: to load a word twice is no loop. Without it a thread that waits for a lock by trying again would have a new state at every try. An operation that counts its tries would be
 * taken for one that does not.
 */
const repeated = (point: Point, log: readonly Answered[], stop: Standing): Point | null => {
  const { length } = log;
  let earlier = point;
  for (let turn = 1; turn <= LONGEST_TURN && 2 * turn <= length; turn++) {
    const { access, answer } = log[length - turn]!;
    if (!onlyReads(access, answer)) return null;
    if (earlier.site === stop.site && sameAccess(earlier.pending!, stop.access) && isTurn(log, turn)) return earlier;
    if (earlier.before === null) return null;
    earlier = earlier.before.point;
  }
  return null;
};

/** Whether the last `turn` entries are those before them once more. */
const isTurn = (log: readonly Answered[], turn: number): boolean => {
  for (let i = log.length - turn; i < log.length; i++) {
    const [now, then] = [log[i]!, log[i - turn]!];
    if (now.answer !== then.answer || !sameAccess(now.access, then.access)) return false;
  }
  return true;
};
