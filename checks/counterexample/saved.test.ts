import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAll, rerun, walkToday } from '../../src/command/rerun.ts';
import { withModel } from '../../src/explore/model.ts';
import { retrace } from '../../src/explore/retrace.ts';
import { transcript } from '../../src/counterexample/transcript.ts';

/** Every run that was ever saved is walked again, and ends as its file expects. */
const directory = join(import.meta.dirname, '../../counterexamples');
const files = globSync('*.json', { cwd: directory }).toSorted();

describe('the saved runs', () => {
  it('are there: the published branch is broken, and that is on record', () => expect(files).not.toEqual([]));

  it.each(files)('%s ends as it expects', (name) => {
    const [{ file, counterexample }] = loadAll([join(directory, name)]) as [ReturnType<typeof loadAll>[0]];
    const { replay, asExpected } = rerun({ file, counterexample });
    expect(`${replay.outcome}: ${replay.reason}`).toContain(counterexample.expect);
    expect(asExpected).toBe(true);
  });

  it.each(files)('%s has as many pre-emptions as it says', (name) => {
    const [{ file, counterexample }] = loadAll([join(directory, name)]) as [ReturnType<typeof loadAll>[0]];
    if (counterexample.preemptions === undefined) return;
    const { replay, world, claims } = walkToday(file, counterexample);
    const again = withModel(world!, { quotient: true, fuse: true }, (model) => retrace(model, claims, replay.trace!));
    expect(again!.preemptions).toBe(counterexample.preemptions);
  });

  it.each(files)('%s has its transcript beside it, as it would be written today', (name) => {
    const [{ file, counterexample }] = loadAll([join(directory, name)]) as [ReturnType<typeof loadAll>[0]];
    const { trace } = rerun({ file, counterexample }).replay;
    const text = readFileSync(join(directory, name.replace(/json$/, 'txt')), 'utf8');
    expect(text).toBe(transcript(counterexample, trace!, `counterexamples/${name}`));
  });
});
