import { accountOf } from './account.ts';
import { omissionSentence } from './omission.ts';
import type { Score, Standing } from './judgement.ts';
import { titleOf } from './title.ts';

/** The score in the Test Anything Protocol, version 12, which kyua(1) and prove(1) read: a line for each check, then one for each saved run. */
export const tapText = ({ judgements, rewalks, leftOut, interrupted }: Score): string => {
  const points = [
    ...judgements.map(({ job, verdict, standing, differences }) => ({
      standing,
      name: `${titleOf(job)}: ${verdict.verdict}`,
      said: [...differences, accountOf(verdict).text],
      doubt: verdict.omission === undefined ? [] : [omissionSentence(verdict.omission)],
    })),
    ...rewalks.map(({ file, standing, sentence }) => ({ standing, name: file, said: [sentence], doubt: [] })),
  ];
  const lines = points.flatMap(({ standing, name, said, doubt }, i) => [
    `${standing === 'good' ? 'ok' : 'not ok'} ${i + 1} - ${plain(name)}`,
    ...(standing === 'good' ? [] : [...remark[standing], ...said].filter((text) => text !== '').map(comment)),
    ...doubt.map(comment),
  ]);
  const end = interrupted ? ['Bail out! It was interrupted.'] : [];
  return [`1..${points.length}`, ...lines, ...leftOut.map(comment), ...end].join('\n');
};

const remark: Readonly<Record<Exclude<Standing, 'good'>, readonly string[]>> = {
  bad: [],
  open: ['nobody knows: that is not ok'],
};

/** A `#` would begin a directive. */
const plain = (text: string): string => text.replaceAll('#', '').replaceAll('\n', ' ');
const comment = (text: string): string => `# ${text.replaceAll('\n', ' ')}`;
