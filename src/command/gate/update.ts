import { existsSync, readFileSync } from 'node:fs';
import { secondsIn } from '../../report/grid.ts';
import { counted } from '../../report/number.ts';
import { replayLine } from '../../report/replay.ts';
import type { Terminal } from '../../report/terminal.ts';
import { save } from '../../saving.ts';
import { shown, suite } from '../../suite.ts';
import { acceptance } from './acceptance.ts';
import { baselineText } from './baseline.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Ended } from './summary.ts';
import type { Trial } from '../jobs/trial.ts';
import { verdictsText } from './verdicts.ts';

/** `gate --update`: the present verdicts are the accepted ones from now on. */
export const accept = (
  trials: readonly Trial[],
  { accepted, scope, reruns, cut, interrupted }: Ended,
  terminal: Terminal,
): ExitCode => {
  const accepting = acceptance(accepted, trials, scope);
  terminal.out('');
  if (accepting === null || interrupted) {
    const why = interrupted ? 'it was interrupted' : 'an accepted verdict is unknown now, and that cannot be accepted';
    terminal.err(`${shown(suite.baseline)} is left as it was: ${why}.`);
    return exit.unknown;
  }
  const seconds = new Map([
    ...(existsSync(suite.verdicts) ? secondsIn(readFileSync(suite.verdicts, 'utf8')) : []),
    ...trials.map(({ job, verdict }) => [`${job.name} on ${job.design}`, verdict.seconds] as const),
  ]);
  save([
    { path: suite.baseline, text: baselineText(accepting.baseline) },
    { path: suite.verdicts, text: verdictsText(accepting.baseline, seconds) },
  ]);
  for (const change of accepting.changes) terminal.out(change);
  terminal.out(`${shown(suite.baseline)}: ${counted(accepting.changes.length, 'change')}.`);
  for (const done of reruns) terminal.out(replayLine(done, terminal.paint));
  if (!reruns.every(({ asExpected }) => asExpected)) return exit.violated;
  return cut.length === 0 ? exit.holds : exit.unknown;
};
