import type { Counterexample } from '../counterexample/form.ts';
import type { Outcome, Replay } from '../counterexample/replay.ts';
import { titleOf } from './title.ts';
import type { Paint, Style } from './terminal.ts';
import { traceText } from './trace.ts';
import { wrap } from './wrap.ts';

/** What became of a saved run, for people and for programs. */

type Replayed = {
  readonly file: string;
  readonly counterexample: Counterexample;
  readonly replay: Replay;
  readonly asExpected: boolean;
  readonly specChanged: boolean;
};

/** One line: the outcome, and whether it is the expected one. */
export const replayLine = ({ file, counterexample, replay, asExpected }: Replayed, paint: Paint): string => {
  const style: Style = asExpected ? 'good' : replay.outcome === 'stale' ? 'doubt' : 'bad';
  const expectation = asExpected ? 'as expected' : `not as expected (${counterexample.expect})`;
  return `${file}: ${paint(style, `${replay.outcome}, ${expectation}`)}`;
};

/** The line, what the run is about, why it ended, and the run. */
export const replayText = (replayed: Replayed, width: number, paint: Paint): string => {
  const { counterexample, replay, asExpected, specChanged } = replayed;
  const { scenario, design } = counterexample;
  return [
    replayLine(replayed, paint),
    `  ${titleOf({ name: scenario.name, design: design.name, off: design.off })}, ${counterexample.property}`,
    ...wrap(`${where(replay, counterexample.schedule.length)}${replay.reason}.`, width - 2).map((line) => `  ${line}`),
    ...(replay.outcome === 'fixed' && !asExpected
      ? ['  If it is to stay so, write "expect": "fixed" in the file: then the gate watches over that.']
      : []),
    ...(replay.nearest === null ? [] : [`  The nearest name today is "${replay.nearest}".`]),
    ...(replay.enabled.length === 0 ? [] : ['  What could happen there:']),
    ...replay.enabled.map(({ cpu, step }) => `    ${cpu}  ${step}`),
    ...(specChanged ? ['  The specification has changed since the run was found.'] : []),
    ...(replay.trace === null || replay.trace.steps.length === 0 ? [] : ['', runOf(replay, width, paint)]),
  ].join('\n');
};

const runOf = ({ trace, outcome }: Replay, width: number, paint: Paint): string =>
  traceText(trace!, fails(outcome), width, paint);
const fails = (outcome: Outcome): boolean => outcome === 'still fails' || outcome === 'fails differently';
const where = ({ at }: Replay, steps: number): string => (at === null ? '' : `At step ${at} of ${steps}: `);

/** The same for programs. */
export const replayResult = ({ file, counterexample, replay, asExpected, specChanged }: Replayed) => ({
  file,
  scenario: counterexample.scenario.name,
  design: counterexample.design.name,
  off: counterexample.design.off,
  property: counterexample.property,
  outcome: replay.outcome,
  expect: counterexample.expect,
  asExpected,
  at: replay.at,
  steps: counterexample.schedule.length,
  reason: replay.reason,
  enabled: replay.enabled,
  nearest: replay.nearest,
  specChanged,
});
