import type { Score } from '../../report/judgement.ts';
import { counted } from '../../report/number.ts';
import { replayLine, replayResult } from '../../report/replay.ts';
import { resultOf } from '../../report/result.ts';
import { schemaVersion } from '../../schema.ts';
import type { Paint, Terminal } from '../../report/terminal.ts';
import { shown, suite } from '../../suite.ts';
import type { Baseline } from './baseline.ts';
import { scenarioNames } from '../catalogue.ts';
import { differenceLines, isAsExpected, type Comparison } from './comparison.ts';
import { exit, type ExitCode } from '../exit.ts';
import { compared, rewalked } from './judging.ts';
import type { Rerun } from '../replay/rerun.ts';
import type { Pair, Scope } from './scope.ts';
import { designNames } from '../selection.ts';

/** What a gate says at its end, and the code that it ends with. */

export type Ended = {
  readonly comparisons: readonly Comparison[];
  /** What has changed in which steps no check does; it means something only when every check has ended. */
  readonly silence: readonly string[];
  readonly accepted: Baseline;
  readonly scope: Scope;
  readonly reruns: readonly Rerun[];
  /** Files of saved runs that were to be walked and were not: the gate was interrupted, or memory ran out. */
  readonly cut: readonly string[];
  /** Saved runs that were not to be walked: they are of what is left out, or another shard's. */
  readonly notWalked: number;
  readonly interrupted: boolean;
};

const titleOf = ({ scenario, design }: Pick<Pair, 'scenario' | 'design'>): string => `${scenario} on ${design}`;

/** What could be explored and has no accepted verdict: said, so that nobody takes it for checked. */
const unexpected = ({ results, undecided }: Baseline): readonly Pick<Pair, 'scenario' | 'design'>[] =>
  scenarioNames().flatMap((scenario) =>
    designNames()
      .filter((design) => (results[scenario]?.[design] ?? undecided[scenario]?.[design]) === undefined)
      .map((design) => ({ scenario, design })),
  );

const undecided = ({ undecided }: Baseline): number =>
  Object.values(undecided).reduce((sum, byDesign) => sum + Object.keys(byDesign).length, 0);

export const summarize = (ended: Ended, { out, paint }: Terminal): void => {
  const { comparisons, reruns } = ended;
  out('');
  for (const done of reruns) out(replayLine(done, paint));
  const wrong = [...comparisons.flatMap(differenceLines), ...silenceOf(ended)];
  if (wrong.length > 0) {
    out(`\n${paint('bad', 'Not as expected:')}`);
    for (const line of wrong) out(`  ${line}`);
    out(`If that is right, "${acceptingCommand(ended)}" accepts it.`);
  }
  for (const sentence of notLookedAt(ended)) out(`\n${sentence}`);
  out(`\n${verdictLine(ended, paint)}.`);
};

/** `The gate passes: 229 of 229 verdicts and 22 of 22 saved runs as expected`. */
export const verdictLine = (ended: Ended, paint: Paint): string => {
  const code = codeOf(ended);
  const head = `The gate ${outcome(code, ended.interrupted)}`;
  return `${paint(code === exit.holds ? 'good' : 'bad', head)}: ${figuresOf(ended)}`;
};

/** A few scenarios are accepted by name; to explore all takes long. */
const acceptingCommand = (ended: Ended): string => {
  const changed = ended.comparisons.filter(({ differences }) => differences.length > 0);
  const names = [...new Set(changed.map(({ job }) => job.name))];
  const isFew = names.length > 0 && names.length <= FEW && silenceOf(ended).length === 0;
  return isFew ? `npx netgraph-mc gate ${names.join(' ')} --update` : 'npm run update';
};
const FEW = 5;

export const figuresOf = ({ comparisons, reruns }: Ended): string => {
  const good = comparisons.filter(isAsExpected).length;
  const walked = reruns.filter(({ asExpected }) => asExpected).length;
  return `${good} of ${counted(comparisons.length, 'verdict')} and ${walked} of ${counted(reruns.length, 'saved run')} as expected${kept(comparisons)}`;
};

const kept = (comparisons: readonly Comparison[]): string => {
  const n = comparisons.filter(({ cached }) => cached).length;
  return n === 0 ? '' : ` (${counted(n, 'verdict')} cached; --no-cache finds them again)`;
};

/** What nobody must take for checked, a sentence each. */
const notLookedAt = ({
  comparisons,
  accepted,
  scope,
  cut: unwalked,
  notWalked,
  interrupted,
}: Ended): readonly string[] => {
  const cut = interrupted ? comparisons.filter(({ verdict }) => verdict.verdict === 'unknown').length : 0;
  const silent = unexpected(accepted).filter(scope.asked).map(titleOf);
  const open = undecided(accepted);
  return [
    ...(silent.length > 0 ? [`No verdict is expected yet, so not explored: ${several(silent)}.`] : []),
    ...scope.sentences,
    ...(cut > 0 ? [`Interrupted, so not decided: ${counted(cut, 'pair')}.`] : []),
    ...(unwalked.length > 0
      ? [`${interrupted ? 'Interrupted' : 'Memory ran out'}, so not walked: ${counted(unwalked.length, 'saved run')}.`]
      : []),
    ...(notWalked > 0 ? [`Not walked: ${counted(notWalked, 'saved run')} of what is left out.`] : []),
    ...(open > 0
      ? [
          `Not decided within the bounds of an update, so not explored: ${counted(open, 'pair')} of ${shown(suite.verdicts)}.`,
        ]
      : []),
  ];
};

/** All of them where they are few. */
const several = (titles: readonly string[]): string =>
  titles.length <= MANY ? titles.join(', ') : `${counted(titles.length, 'pair')}, the first ${titles[0]!}`;
const MANY = 8;

export const outcome = (code: ExitCode, interrupted: boolean): string => {
  if (interrupted) return 'was interrupted';
  return code === exit.holds ? 'passes' : code === exit.violated ? 'fails' : 'is undecided';
};

/** A search that was cut short has not done all its steps, nor has one that was left out. */
const silenceOf = ({ comparisons, silence, scope }: Ended): readonly string[] =>
  !scope.whole || comparisons.some(({ verdict }) => verdict.verdict === 'unknown') ? [] : silence;

/** Silence is nobody's verdict: it is told as a judgement on the baseline would be. */
export const scoreOf = (ended: Ended): Score => ({
  command: 'gate',
  judgements: ended.comparisons.map(compared),
  rewalks: [
    ...ended.reruns.map(rewalked),
    ...ended.cut.map((file) => ({
      file,
      standing: 'open' as const,
      sentence: ended.interrupted
        ? 'the gate was interrupted before it was walked'
        : 'memory ran out before it was walked',
    })),
    ...silenceOf(ended).map((sentence) => ({ file: shown(suite.baseline), standing: 'bad' as const, sentence })),
  ],
  leftOut: notLookedAt(ended),
  interrupted: ended.interrupted,
});

export const jsonOf = (ended: Ended) => ({
  schemaVersion,
  passed: codeOf(ended) === exit.holds,
  interrupted: ended.interrupted,
  results: ended.comparisons.map(({ job, verdict, cached = false }) => ({ ...resultOf(job, verdict, null), cached })),
  differences: ended.comparisons.flatMap(({ job, differences }) =>
    differences.map((difference) => ({ scenario: job.name, design: job.design, ...difference })),
  ),
  silence: silenceOf(ended),
  notExplored: {
    leftOut: ended.scope.leftOut,
    unexpected: unexpected(ended.accepted).map(titleOf),
    undecided: ended.accepted.undecided,
  },
  replays: ended.reruns.map(replayResult),
});

/** An answer that is not the expected one outweighs an answer that is missing. */
export const codeOf = (ended: Ended): ExitCode => {
  const { comparisons, reruns, cut, scope, interrupted } = ended;
  const answered = comparisons.filter(({ verdict }) => verdict.verdict !== 'unknown');
  if (answered.some(({ differences }) => differences.length > 0)) return exit.violated;
  if (reruns.some(({ asExpected }) => !asExpected) || silenceOf(ended).length > 0) return exit.violated;
  const unjudged = scope.leftOut === 0 && unexpected(ended.accepted).length > 0;
  return interrupted || unjudged || cut.length > 0 || answered.length < comparisons.length ? exit.unknown : exit.holds;
};
