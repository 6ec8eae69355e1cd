import { afterAll, describe, expect, it } from 'vitest';
import { sameAccess } from '../../src/differ/access.ts';
import { Crew } from '../../src/differ/crew.ts';
import { refused, type History } from '../../src/differ/history.ts';
import { lockstep } from '../../src/differ/lockstep.ts';
import { runOnce } from '../../src/differ/run.ts';
import { preempting } from '../../src/differ/schedule.ts';
import { onThreads, replayedOnThreads } from '../../src/differ/threads.ts';
import { comparing } from './comparing.ts';
import { stackSubject, subjectOf } from './stack.ts';

const module = new URL('./stack.ts', import.meta.url).href;
const crews: Crew[] = [];
const crewOf = (key: string): Crew => {
  const crew = new Crew(subjectOf(key), { module, key }, 1);
  crews.push(crew);
  return crew;
};
afterAll(() => Promise.all(crews.map((crew) => crew.end())));

describe('real threads', () => {
  it('do what the model allows, and meet while they do it', async () => {
    const crew = crewOf('');
    const found = await comparing(stackSubject(), (product) => onThreads(product, crew, 30, 400));
    expect(found).toMatchObject({ verdict: 'holds', divergence: null, runs: 400 });
    expect(found.overlapping).toBeGreaterThan(0);
  });

  it.each(['forgets next', 'pops twice'] as const)('that run what is wrong (%s) are found out', async (mutant) => {
    const crew = crewOf(mutant);
    await comparing(stackSubject(mutant), async (product) => {
      const found = await onThreads(product, crew, 30, 2_000);
      expect(found).toMatchObject({ verdict: 'violated', divergence: { access: expect.any(String) as string } });
      // It is told as a run that the engine goes by itself.
      expect(runOnce(product, preempting(found.preemptions), 1_000).divergence).toEqual(found.divergence);
    });
  });

  it('walk a schedule access by access, and come to the same as the engine', async () => {
    const crew = crewOf('untagged');
    await comparing(stackSubject('untagged'), async (product) => {
      const { preemptions } = lockstep(product, { seconds: 60, seed: 1, maxRuns: 3_000 });
      const run = runOnce(product, preempting(preemptions), 1_000);
      expect(run.divergence).not.toBe(null);
      expect(await replayedOnThreads(product, crew, run.schedule)).toBe(null);
    });
    await comparing(stackSubject('untagged'), async (product) => {
      const { schedule, divergence } = runOnce(product, preempting([]), 1_000);
      expect(divergence).toBe(null);
      expect(await replayedOnThreads(product, crew, schedule)).toBe(null);
      // The same accesses in another order are not what the threads did.
      expect(await replayedOnThreads(product, crew, [...schedule].reverse())).not.toBe(null);
    });
  });
});

describe('a history', () => {
  /** What the engine does one after the other, as a thread would record it. */
  const recorded = (): History =>
    comparing(stackSubject(), (product) => {
      const events = product.points.map((): History[number][number][] => []);
      product.begin();
      let ticket = 0;
      for (let thread = 0; thread < events.length; thread++)
        while (product.points[thread]!.pending !== null) {
          const access = product.points[thread]!.pending!;
          const held = product.words[access.address]!;
          expect(product.step(thread)).toBe(null);
          events[thread]!.push({ access, answer: held, before: ticket++, after: ticket++ });
        }
      return events.map((each) =>
        each.map((event) => (event.access.kind === 'store' ? { ...event, answer: event.access.operand } : event)),
      );
    });
  const verdictOf = (history: History) => comparing(stackSubject(), (product) => refused(product, history));

  it('as the engine makes it is accepted, also when all of it overlaps', () => {
    expect(verdictOf(recorded())).toBe(null);
    expect(verdictOf(recorded().map((events) => events.map((event) => ({ ...event, before: 0, after: 1e6 }))))).toBe(
      null,
    );
  });

  it('is refused with any two neighbours of a thread swapped, or any answer changed', () => {
    const history = recorded();
    const changed = history.flatMap((events, thread) =>
      events.flatMap((event, i) => [
        history.with(thread, events.with(i, { ...event, answer: event.answer + 1 })),
        ...(i === 0 || sameAccess(events[i - 1]!.access, event.access)
          ? []
          : [history.with(thread, events.with(i, events[i - 1]!).with(i - 1, event))]),
      ]),
    );
    expect(changed.length).toBeGreaterThan(20);
    for (const wrong of changed) expect(verdictOf(wrong), JSON.stringify(wrong)).not.toBe(null);
  });

  it('that memory can answer in no order is no run in which the two part ways', () => {
    const [first, ...others] = recorded();
    const [event, ...rest] = first!;
    const wrong = [[{ ...event!, answer: event!.answer + 1 }, ...rest], ...others];
    expect(verdictOf(wrong)).toMatchObject({ schedule: null });
  });

  it('that breaks off is refused', () => {
    expect(verdictOf(recorded().with(0, []))).not.toBe(null);
  });
});
