import { replayLine } from '../../report/replay.ts';
import type { Judgement, Rewalk, Standing } from '../../report/judgement.ts';
import { unpainted } from '../../report/terminal.ts';
import { inProject } from '../../suite.ts';
import { differenceText } from './baseline.ts';
import type { Comparison } from './comparison.ts';
import type { Rerun } from '../replay/rerun.ts';
import type { Trial } from '../jobs/trial.ts';

/** Verdicts as programs that keep the score are told them. */

/** A check by itself: a violation is never good. */
export const judged = ({ job, verdict, cached = false }: Trial): Judgement => ({
  job: { ...job, file: inProject(job.path) },
  verdict,
  cached,
  standing: standings[verdict.verdict],
  differences: [],
});

const standings = { holds: 'good', violated: 'bad', unknown: 'open' } as const satisfies Record<string, Standing>;

/** A gate: what was accepted is good, and what nothing was accepted for is open. */
export const compared = ({ job, verdict, cached, expected, differences }: Comparison): Judgement => ({
  ...judged({ job, verdict, cached }),
  standing: verdict.verdict === 'unknown' || expected === null ? 'open' : differences.length > 0 ? 'bad' : 'good',
  differences: expected === null ? ['no verdict has been accepted yet'] : differences.map(differenceText),
});

export const rewalked = (rerun: Rerun): Rewalk => {
  const { outcome, reason } = rerun.replay;
  return {
    file: inProject(rerun.file),
    standing: rerun.asExpected ? 'good' : outcome === 'unknown' ? 'open' : 'bad',
    sentence: `${replayLine(rerun, unpainted).slice(rerun.file.length + 2)}: ${reason}`,
  };
};
