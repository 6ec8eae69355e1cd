import { accountOf } from './account.ts';
import type { Judgement, Score } from './judgement.ts';
import { titleOf } from './title.ts';

/**
 * What is not as it should be as workflow commands of GitHub Actions: each is shown at the line of the specification at which the run goes
 * wrong. GitHub shows the first ten of a step; the last line counts those that come after them.
 */
export const annotations = ({ judgements, rewalks }: Score): readonly string[] => {
  const all = [
    ...judgements.flatMap((judgement) => (judgement.standing === 'good' ? [] : [ofJudgement(judgement)])),
    ...rewalks.flatMap(({ file, standing, sentence }) =>
      standing === 'good' ? [] : [command(levels[standing], { file, title: file }, sentence)],
    ),
  ];
  if (all.length <= SHOWN) return all;
  const rest = all.length - SHOWN + 1;
  return [...all.slice(0, SHOWN - 1), command('error', { title: 'netgraph-mc' }, `and ${rest} more, see the log`)];
};

const SHOWN = 10;
const levels = { bad: 'error', open: 'warning' } as const;

const ofJudgement = ({ job, verdict, standing, differences }: Judgement): string => {
  const { text, at } = accountOf(verdict);
  const [file, line] = at === null || at.spec === '' ? [job.file, '1'] : at.spec.split(':');
  const said = [...differences, ...(text === '' ? [] : [text])].join('; ');
  const title = `${titleOf(job)}: ${verdict.verdict}`;
  return command(standing === 'open' ? levels.open : levels.bad, { file: file!, line: line!, title }, said);
};

const command = (level: string, properties: Readonly<Record<string, string>>, message: string): string => {
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value, true)}`);
  return `::${level} ${told.join(',')}::${escaped(message, false)}`;
};

/** As GitHub's own toolkit writes them. */
const escaped = (text: string, property: boolean): string => {
  const data = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return property ? data.replaceAll(':', '%3A').replaceAll(',', '%2C') : data;
};
