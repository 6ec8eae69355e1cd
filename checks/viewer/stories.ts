import { basename, join } from 'node:path';
import { loadAll, walkToday } from '../../src/command/replay/rerun.ts';
import { journeyOf } from '../../src/explore/runs/journey.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import type { Still } from '../../src/explore/runs/still.ts';
import type { Trace } from '../../src/explore/search/verdict.ts';
import { unpainted } from '../../src/report/terminal.ts';
import { traceText } from '../../src/report/trace.ts';
import type { Story } from '../../src/viewer/page/form.ts';
import { pageOfRun, storyOfRun, type Setting } from '../../src/viewer/run.ts';

/** Saved runs as they are told to a page: short ones, each of another kind. */
export const files = [
  'ether-input-minimal-gsoc23-use-after-free.json',
  'name-shutdown-minimal-upstream-refcount-resurrection.json',
  'hub-persistent-minimal-upstream13-no-leak.json',
  'ether-detach-input-minimal-upstream-null-dereference.json',
];

const directory = join(import.meta.dirname, '../../counterexamples');

export type Told = {
  readonly trace: Trace;
  readonly story: Story;
  readonly page: string;
  readonly message: string;
  readonly transcript: string;
  readonly stills: readonly Still[];
};

const told = new Map<string, Told>();

/** The run, its story and its page; each run is walked once for all checks of a file. */
export const tell = (name: string): Told => {
  const known = told.get(name);
  if (known !== undefined) return known;
  const [{ file, counterexample }] = loadAll([join(directory, name)]) as [ReturnType<typeof loadAll>[0]];
  const { replay, world, claims } = walkToday(file, counterexample);
  const setting: Setting = { world: world!, claims, options: usualModel };
  const subject = {
    title: basename(name, '.json'),
    description: 'A run that was saved.',
    programs: [],
    headline: replay.reason,
    broken: { property: counterexample.property, claim: null },
    circle: null,
    command: null,
  };
  const trace = replay.trace!;
  const fresh = {
    trace,
    story: storyOfRun(setting, subject, trace),
    page: pageOfRun(setting, subject, trace),
    message: counterexample.message,
    stills: withModel(world!, { ...usualModel }, (model) => journeyOf(model, claims, trace.steps)).stills,
    transcript: traceText(trace, true, 100, unpainted),
  };
  told.set(name, fresh);
  return fresh;
};
