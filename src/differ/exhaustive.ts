import { onlyReads, type Access } from './access.ts';
import { Holdings, type Holding } from './holdings.ts';
import { Keys } from './keys.ts';
import type { Divergence, Mark, Product } from './product.ts';
import { LONGEST_RUN, parted, type Comparison } from './lockstep.ts';
import { INTERRUPTED, telling, unwatched, type Onlooker } from './onlooker.ts';
import { Reach } from './reach.ts';
import { deadlock, runOnce, shrunk } from './run.ts';
import { preempting, withoutPreemption, type Preemption } from './schedule.ts';
import { counted } from '../explore/automata/number.ts';

/**
 * Every interleaving of the implementation with the model in lockstep, each state of the product once, depth first. A state is where each
 * thread is, the state of the model, and what the arena holds: exactly, no hash stands for it. Going back is O(1): the words that the
 * step wrote to and the points of the threads.
 *
 * An access that means nothing in the model, to a word at which no other thread can be met, need not be a point at which others come
 * in between: what they do before it they can as well do after it. So it is done at once, together with the access before it. Whom a
 * thread can meet is learned on the way (`Reach`), and memory that was taken from a pool is its own (`Holdings`). Nobody has to
 * believe that: a search in which something was learned is made again, and one in which somebody came to what another held is made with every
 * access by itself. It is enough to look where the search goes. Take, of any run, the first access that was not reckoned with. All accesses
 * before it can change places as was assumed; the search brings some of them to the front, and leaves out none: so it comes to
 * that access too. To give memory back or to show it to others is never done at once, so it is held until then in the search as well.
 *
 * A state is met once whichever way leads to it, but where else the model could be depends on the way. So a search in which the two did not part ways only because it
 * could be elsewhere is made again with all places in which it can be, which are part of the state then.
 */
export type Exhausted = Comparison & {
  readonly states: number;
  /** The most steps of a run without a state met twice. */
  readonly depth: number;
  /** How often it was searched until nothing was learned; 0: every access is a step of its own. */
  readonly rounds: number;
};

/** `fuse`: false makes every access a step of its own. `seconds`: for each round. */
export type ExhaustiveBudget = { readonly maxStates: number; readonly seconds?: number; readonly fuse?: boolean };

/** `only`: the thread that goes on alone, since nobody can meet it in what it does next; -1: each can. */
type Level = {
  readonly mark: Mark;
  readonly held: readonly Holding[];
  only: number;
  thread: number;
  /** Whether every step from here was one in vain. */
  isVain: boolean;
  readonly done: Undo;
};
/** Addresses of the words that a step may have written to and what they held, in turn, two for each access. */
type Undo = number[];

export const exhaustive = (product: Product, budget: ExhaustiveBudget, onlooker = unwatched): Exhausted => {
  const before = product.excused;
  const found = inRounds(product, budget, onlooker);
  if (found.verdict === 'violated' || product.excused === before) return found;
  product.followsAll = true;
  const again = inRounds(product, budget, onlooker);
  product.followsAll = false;
  return again;
};

const inRounds = (product: Product, budget: ExhaustiveBudget, onlooker: Onlooker): Exhausted => {
  if (budget.fuse === false || product.subject.pools === undefined)
    return { ...search(product, budget, null, onlooker)!, rounds: 0 };
  const reach = new Reach(product.points.length);
  for (let rounds = 1; ; rounds++) {
    const { learned } = reach;
    const found = search(product, budget, reach, onlooker);
    if (found === null) return { ...search(product, budget, null, onlooker)!, rounds: 0 };
    if (found.verdict !== 'holds' || reach.learned === learned) return { ...found, rounds };
  }
};

/** Null: somebody came to what another thread held. Without `reach` every access is a step of its own. */
const search = (
  product: Product,
  { maxStates, seconds = Infinity }: ExhaustiveBudget,
  reach: Reach | null,
  onlooker: Onlooker,
): Omit<Exhausted, 'rounds'> | null => {
  const { words, points } = product;
  const end = performance.now() + 1000 * seconds;
  const keys = new Keys(product);
  const holdings = new Holdings();
  const path: Level[] = [];
  let [steps, depth, isMet] = [0, 0, false];
  const outcome = (verdict: 'holds' | 'unknown', why = '') => ({
    verdict, why, divergence: null, preemptions: [], runs: 1, steps, states: keys.count, depth,
  }); // prettier-ignore
  const fails = (divergence: Divergence) => {
    const run = runOnce(product, preempting(chosen(path)), LONGEST_RUN);
    const again =
      run.divergence === null ? { ...run, divergence, preemptions: chosen(path) } : shrunk(product, run, LONGEST_RUN);
    return { ...parted(again, 1, steps), states: keys.count, depth };
  };
  const isAlone = (thread: number): boolean => {
    const { pending } = points[thread]!;
    if (reach === null || pending === null || pending.kind === 'wait') return false;
    const meetsNobody = holdings.isHeld(thread, pending.address) || !reach.isMet(thread, pending, points);
    return meetsNobody && product.isQuiet(thread);
  };
  const aloneFrom = (first: number): number => points.findIndex((_, thread) => thread >= first && isAlone(thread));
  const enter = (): void => {
    path.push({ mark: product.mark(), held: holdings.held, only: aloneFrom(0), thread: -1, isVain: true, done: [] });
    depth = Math.max(depth, path.length - 1);
  };
  const back = ({ mark, held, done }: Level): void => {
    takeBack(words, done, 0);
    product.restore(mark);
    holdings.held = held;
  };
  const go = (thread: number, done: Undo): Divergence | null => {
    const { pending, operation } = points[thread]!;
    const access = pending!;
    const held = words[access.address]!;
    done.push(access.address, held);
    const divergence = product.step(thread);
    steps++;
    if (reach === null) return divergence;
    const answer = answered(access, held);
    reach.note(thread, operation, access.address, onlyReads(access, answer));
    if (!holdings.note(thread, access, answer, held, words)) isMet = true;
    return divergence;
  };

  /**
   * Whether whoever has something to do goes round for ever. Where all of them do, there is a state in which each stands before the last
   * access of its turn, so that is where to look: each alone must find nothing new twice, and leave memory as it was.
   */
  const isStuck = (top: Level): boolean => {
    const enabled = points.flatMap((_, thread) => (product.isEnabled(thread) ? [thread] : []));
    return (
      enabled.length > 0 &&
      enabled.every((thread) => {
        let turns = 0;
        for (let n = 0; n < LONGEST_TURN && turns < 2 && product.isEnabled(thread); n++) {
          if (go(thread, top.done) !== null) break;
          if (product.triedInVain) turns++;
        }
        const after = top.done.map((at, i) => (i % 2 === 0 ? words[at]! : 0));
        const addresses = top.done.filter((_, i) => i % 2 === 0);
        back(top);
        return turns === 2 && addresses.every((at, i) => words[at] === after[2 * i]);
      })
    );
  };

  const first = product.begin();
  if (first?.atBound !== undefined) return outcome('unknown', first.atBound);
  if (first !== null) return fails(first);
  keys.isNew([holdings.number]);
  enter();
  const tell = telling(onlooker);
  let turns = 0;
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    if (++turns % LOOK === 0) {
      if (onlooker.interrupted()) return outcome('unknown', INTERRUPTED);
      if (performance.now() > end) return outcome('unknown', `gave up after ${seconds} s`);
      tell(() => ({ runs: 1, steps, states: keys.count }));
    }
    if (top.done.length > 0) back(top);
    top.thread = top.only < 0 ? nextEnabled(product, top.thread + 1) : top.thread < 0 ? top.only : points.length;
    if (top.thread === points.length) {
      if (top.isVain && isStuck(top)) return fails(deadlock(product));
      path.pop();
      continue;
    }
    let divergence = go(top.thread, top.done);
    if (divergence === null && top.only >= 0 && product.taken.length > 1) {
      // The model has done more than can be done at once: so another, if there is one.
      back(top);
      top.only = aloneFrom(top.only + 1);
      top.thread = -1;
      continue;
    }
    while (divergence === null && !product.triedInVain && isAlone(top.thread)) {
      const before = product.mark();
      divergence = go(top.thread, top.done);
      if (divergence !== null || product.taken.length <= 1) continue;
      product.restore(before);
      takeBack(words, top.done, top.done.length - 2);
      break;
    }
    if (isMet) return null;
    if (!product.triedInVain) top.isVain = false;
    if (divergence?.atBound !== undefined) return outcome('unknown', divergence.atBound);
    if (divergence !== null) return fails(divergence);
    // Who only goes round in what is his own keeps nobody else from going on.
    if (product.triedInVain && top.only >= 0) top.only = top.thread = -1;
    if (!keys.isNew([holdings.number])) continue;
    if (keys.count > maxStates) return outcome('unknown', `gave up after ${counted(maxStates, 'state')}`);
    if (!product.isOver() && !points.some((_, thread) => product.isEnabled(thread))) return fails(deadlock(product));
    enter();
  }
  return outcome('holds');
};

/** Turns between two looks at the clock. */
const LOOK = 1024;

/** The most accesses of one turn of a loop that finds nothing new. */
const LONGEST_TURN = 100;

/** Takes back what was done from place `from` on. */
const takeBack = (words: Int32Array, done: Undo, from: number): void => {
  for (let i = done.length - 2; i >= from; i -= 2) words[done[i]!] = done[i + 1]!;
  done.length = from;
};

/** The first thread from number `from` on that can go on; how many there are if none can. */
const nextEnabled = (product: Product, from: number): number => {
  let thread = from;
  while (thread < product.points.length && !product.isEnabled(thread)) thread++;
  return thread;
};

/** What an access was answered, where the word held that before. */
const answered = ({ kind, operand }: Access, held: number): number => (kind === 'store' ? operand : held);

/** The pre-emption points of the path: where it leaves a thread that could go on. */
const chosen = (path: readonly Level[]): readonly Preemption[] => {
  const points: Preemption[] = [];
  let [step, last] = [0, -1];
  for (const { thread, mark, done } of path) {
    const can = (other: number): boolean => mark.points[other]!.pending !== null;
    if (thread !== withoutPreemption(last, can)) points.push({ step, thread });
    step += done.length / 2;
    last = thread;
  }
  return points;
};
