import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAll, walkToday } from '../../src/command/replay/rerun.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import { retrace } from '../../src/explore/runs/retrace.ts';
import { transcript } from '../../src/counterexample/transcript.ts';

/** Every run that was ever saved is walked again, and ends as its file expects. */
const directory = join(import.meta.dirname, '../../counterexamples');
const files = globSync('*.json', { cwd: directory }).toSorted();

/** The run as it is walked today: once for all that is asked of it, since its automata are closed anew each time. */
const walked = (name: string) => {
  const [{ file, counterexample }] = loadAll([join(directory, name)]) as [ReturnType<typeof loadAll>[0]];
  return { counterexample, ...walkToday(file, counterexample) };
};

it('there are saved runs: the published branch is broken, and that is on record', () => expect(files).not.toEqual([]));

describe.each(files)('%s', (name) => {
  let run: ReturnType<typeof walked>;
  beforeAll(() => {
    run = walked(name);
  });

  it('ends as it expects', () => {
    const { counterexample, replay } = run;
    expect(`${replay.outcome}: ${replay.reason}`).toContain(counterexample.expect);
    expect(replay.outcome).toBe(counterexample.expect);
  });

  it('says what is wrong in the words of today', () => {
    const { counterexample, replay } = run;
    if (counterexample.expect === 'still fails') expect(replay.reason).toBe(counterexample.message);
  });

  it('has as many pre-emptions as it says', () => {
    const { counterexample, replay, world, claims } = run;
    if (counterexample.preemptions === undefined) return;
    const again = withModel(world!, usualModel, (model) => retrace(model, claims, replay.trace!));
    expect(again!.preemptions).toBe(counterexample.preemptions);
  });

  it('has its transcript beside it, as it would be written today', () => {
    const text = readFileSync(join(directory, name.replace(/json$/, 'txt')), 'utf8');
    expect(text).toBe(transcript(run.counterexample, run.replay.trace!, `counterexamples/${name}`));
  });
});
