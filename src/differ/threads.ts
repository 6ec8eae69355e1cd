import { sameAccess } from './access.ts';
import { Faulted, type Crew } from './crew.ts';
import { refused, type History, type Refusal } from './history.ts';
import { LONGEST_RUN, parted, type Comparison } from './lockstep.ts';
import { INTERRUPTED, telling, unwatched } from './onlooker.ts';
import type { Product } from './product.ts';
import { runOnce, shrunk } from './run.ts';
import { inOrder } from './schedule.ts';

/** Rounds at full speed until the time is over. Each history must be a run of the implementation that the model agrees with. */
export const onThreads = async (
  product: Product,
  crew: Crew,
  seconds: number,
  maxRounds = Infinity,
  onlooker = unwatched,
): Promise<Comparison & { readonly overlapping: number }> => {
  const end = performance.now() + 1000 * seconds;
  let [runs, steps, overlapping, open] = [0, 0, 0, 0];
  const outcome = (verdict: Comparison['verdict'], why: string) => ({
    verdict, why, divergence: null, preemptions: [], runs, steps, overlapping,
  }); // prettier-ignore
  const tell = telling(onlooker);
  while (runs < maxRounds && (runs === 0 || performance.now() < end)) {
    if (onlooker.interrupted()) return outcome('unknown', INTERRUPTED);
    const history = await roundOf(crew);
    runs++;
    if (history instanceof Faulted) return { ...ofFault(history, runs, steps), overlapping };
    steps += history.reduce((sum, { length }) => sum + length, 0);
    if (isOverlapping(history)) overlapping++;
    const refusal = refused(product, history);
    if (refusal === 'unknown') open++;
    else if (refusal !== null) return { ...ofRefusal(product, refusal, runs, steps), overlapping };
    tell(() => ({ runs, steps }));
  }
  return open === 0
    ? outcome('holds', '')
    : outcome(
        'unknown',
        `${open} histories have too many orders to try, need more memory than the scenario has, or leave the model too many places to be in`,
      );
};

/** What the threads did, or the fault that one of them has found. */
const roundOf = async (crew: Crew, schedule?: readonly number[]): Promise<History | Faulted> => {
  try {
    return await crew.round(schedule);
  } catch (thrown) {
    if (thrown instanceof Faulted) return thrown;
    throw thrown;
  }
};

/** The model has no fault where the library finds one. What the others did is not asked of them: they may never come to an end. */
const ofFault = ({ thread, message }: Faulted, runs: number, steps: number): Comparison => {
  const divergence = { thread, access: null, reason: message };
  return { verdict: 'violated', why: '', divergence, preemptions: [], runs, steps };
};

/** Who parts ways in a history that is no run at all. */
export const NO_ORDER = 'threads';

/** A history that is refused, as a run with few pre-emptions that goes wrong in the same way; where memory is to blame there is no such run. */
const ofRefusal = (product: Product, { at, reason, schedule }: Refusal, runs: number, steps: number): Comparison => {
  const run = schedule === null ? null : runOnce(product, inOrder(schedule), schedule.length);
  // It can have stopped before, where all that go on try in vain.
  if (run !== null && run.divergence !== null && run.steps === schedule!.length)
    return parted(shrunk(product, run, LONGEST_RUN), runs, steps);
  const divergence = { thread: NO_ORDER, access: null, reason: `after ${at} accesses: ${reason}` };
  return { verdict: 'violated', why: '', divergence, preemptions: [], runs, steps };
};

/** Whether at least two programs were under way at the same time. */
const isOverlapping = (history: History): boolean => {
  const spans = history
    .filter(({ length }) => length > 0)
    .map((events) => ({ from: events[0]!.before, to: events.at(-1)!.after }))
    .toSorted((a, b) => a.from - b.from);
  return spans.some(({ from }, i) => i > 0 && from < spans[i - 1]!.to);
};

/**
 * A schedule walked by real threads, access by access, and by the product: where the two first differ, or null. They differ when the
 * implementation depends on something that is neither in the arena nor in its arguments.
 */
export const replayedOnThreads = async (
  product: Product,
  crew: Crew,
  schedule: readonly number[],
): Promise<string | null> => {
  const history = await roundOf(crew, schedule);
  if (history instanceof Faulted) return `${history.thread}: ${history.message}`;
  const next = history.map(() => 0);
  product.begin();
  for (const [i, thread] of schedule.entries()) {
    const { name } = product.subject.threads[thread]!;
    const event = history[thread]![next[thread]!++];
    const { pending } = product.points[thread]!;
    if (event === undefined || pending === null)
      return `step ${i + 1}: ${name} is over on ${event === undefined ? 'the thread' : 'the engine'} only`;
    const parted = product.step(thread);
    if (parted !== null) return i === schedule.length - 1 ? null : `step ${i + 1}: ${parted.reason}`;
    if (!sameAccess(pending, event.access))
      return `step ${i + 1}: ${name} does ${event.access.kind} ${product.subject.wordName(event.access.address)} on a thread`;
  }
  const word = product.words.findIndex((value, address) => value !== crew.arena[address]);
  return word < 0
    ? null
    : `at the end ${product.subject.wordName(word)} is ${crew.arena[word]!} on threads, not ${product.words[word]!}`;
};
