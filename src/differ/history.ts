import { isPossible, kinds, perform, sameAccess, type Access } from './access.ts';
import type { Answered } from './realm.ts';
import { Keys } from './keys.ts';
import type { Mark, Product } from './product.ts';

/**
 * What a thread did at full speed: its accesses in their order, each between two tickets from one counter that all threads
 * share. What has the later ticket of one access before the earlier ticket of another came before it; of what overlaps either can
 * have come first.
 */
export type Event = Answered & { readonly before: number; readonly after: number };
export type History = readonly (readonly Event[])[];

/** Integers of an event in the memory that a worker records in. */
export const EVENT = 7;

export const record = (log: Int32Array, at: number, kind: number, rest: readonly number[]): void => {
  log[at] = kind;
  for (let i = 0; i < rest.length; i++) log[at + 1 + i] = rest[i]!;
};

export const eventsOf = (log: Int32Array, count: number): readonly Event[] =>
  Array.from({ length: count }, (_, i) => {
    const [kind, address, operand, replacement, answer, before, after] = log.subarray(i * EVENT, (i + 1) * EVENT);
    const access: Access = { kind: kinds[kind!]!, address: address!, operand: operand!, replacement: replacement! };
    return { access, answer: answer!, before: before!, after: after! };
  });

/** Why a history is no run of the product: how far it could be followed at most, and what stood in the way there. */
export type Refusal = {
  readonly at: number;
  readonly reason: string;
  /**
   * Who does each access of a run in which the two part ways, the longest that was come to: in this order, what the threads have done goes the way of
   * the history up to its last access. Null: there is none, for in no order memory answers what was answered.
   */
  readonly schedule: readonly number[] | null;
};

/** Orders tried for one history beyond which it is not known whether it is a run. */
export const MOST_ORDERS = 200_000;

/**
 * Looks for an order of the accesses that the tickets allow, in which memory answers what was answered, and implementation and model agree
 * at every access. Null: there is one. `unknown`: there were too many to try.
 * Cost: about one step of the product for each event, and more where accesses overlap that depend on each other.
 */
export const refused = (product: Product, history: History): Refusal | 'unknown' | null => {
  const before = product.excused;
  const found = orderOf(product, history);
  if (found === null || found === 'unknown' || product.excused === before) return found;
  // Orders that lead to one state were taken for one, though where else the model could be depends on the order.
  product.followsAll = true;
  const again = orderOf(product, history);
  product.followsAll = false;
  return again;
};

const orderOf = (product: Product, history: History): Refusal | 'unknown' | null => {
  const total = history.reduce((sum, { length }) => sum + length, 0);
  const keys = new Keys(product);
  const path: Level[] = [];
  let worst: Omit<Refusal, 'schedule'> = { at: -1, reason: '' };
  let schedule: readonly number[] | null = null;
  const blame = (reason: string): void => {
    if (path.length > worst.at) worst = { at: path.length, reason };
  };
  const first = product.begin();
  if (first?.atBound !== undefined) return 'unknown';
  if (first !== null) return { at: 0, reason: first.reason, schedule: [] };
  const next = history.map(() => 0);
  const enter = (): void => {
    path.push({ mark: product.mark(), thread: -1, address: 0, held: 0 });
  };
  enter();
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    if (path.length - 1 === total)
      return product.isOver() ? null : { at: total, reason: 'it ends before the programs', schedule };
    if (top.thread >= 0) {
      product.words[top.address] = top.held;
      product.restore(top.mark);
      next[top.thread]!--;
    }
    const thread = candidate(product, history, next, top.thread + 1, blame);
    if (thread < 0) {
      path.pop();
      continue;
    }
    top.thread = thread;
    top.address = product.points[thread]!.pending!.address;
    top.held = product.words[top.address]!;
    next[thread]!++;
    const divergence = product.step(thread);
    if (divergence?.atBound !== undefined) return 'unknown';
    if (divergence !== null) {
      blame(`${divergence.thread}: ${divergence.access}: ${divergence.reason}`);
      if (schedule === null || path.length > schedule.length) schedule = path.map((level) => level.thread);
    } else if (keys.isNew(next)) enter();
    if (keys.count > MOST_ORDERS) return 'unknown';
  }
  return { ...worst, schedule };
};

type Level = { readonly mark: Mark; thread: number; address: number; held: number };

/** The first thread from number `from` on whose next event can come now, or -1. */
const candidate = (
  { points, words, subject }: Product,
  history: History,
  next: readonly number[],
  from: number,
  blame: (reason: string) => void,
): number => {
  let soonest = Infinity;
  history.forEach((events, thread) => (soonest = Math.min(soonest, events[next[thread]!]?.after ?? Infinity)));
  for (let thread = from; thread < history.length; thread++) {
    const event = history[thread]![next[thread]!];
    if (event === undefined || event.before > soonest) continue;
    const { pending } = points[thread]!;
    const { name } = subject.threads[thread]!;
    const what = subject.wordName(event.access.address);
    if (pending === null || !sameAccess(pending, event.access))
      blame(`${name} does what its program does not: ${event.access.kind} ${what}`);
    else if (!isPossible(words, pending)) blame(`${name} went on, though it had to wait for ${what}`);
    else if (answerOf(words, pending) !== event.answer)
      blame(
        `${name}: ${pending.kind} ${what} was answered ${event.answer}, but memory would answer ${answerOf(words, pending)}`,
      );
    else return thread;
  }
  return -1;
};

/** What an access would answer, without doing it. */
const answerOf = (words: Int32Array, access: Access): number => {
  const held = words[access.address]!;
  const answer = perform(words, access);
  words[access.address] = held;
  return answer;
};
