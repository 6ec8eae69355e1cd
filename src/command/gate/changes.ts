import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { partsOf, REST } from '../../cache/parts.ts';
import { Complaint } from '../../complaint.ts';
import { titleOf } from '../../report/title.ts';
import { suite } from '../../suite.ts';
import { changeText } from './baseline.ts';
import type { Comparison } from './comparison.ts';

/** `gate --changed`: what has been edited since the verdicts were accepted, and which verdicts that has changed. */
export type Changes = {
  /** The commit that accepted them. */
  readonly commit: string;
  /** Procedures that are others now, new ones and those that are gone, with their files. */
  readonly procedures: ReadonlyMap<string, string>;
  /** Files of the specification with an edit outside their procedures: what they say concerns every check. */
  readonly elsewhere: readonly string[];
  /** How many files of the engine have been edited. No such edit should change a verdict. */
  readonly engine: number;
};

/** Throws a Complaint where there is no history to look at. */
export const changesSinceAccepted = (): Changes => {
  const commit = git('log', '-1', '--format=%h', '--', relative(suite.root, suite.baseline)).trim();
  if (commit === '')
    throw new Complaint('--changed: the accepted verdicts were never committed, so there is nothing to compare with.');
  // Where the history is cut off, everything seems to come with the commit that it is cut off at.
  if (
    git('rev-parse', '--is-shallow-repository').trim() === 'true' &&
    git('log', '-1', '--format=%p', commit).trim() === ''
  )
    throw new Complaint(
      '--changed needs the history of the project, and this clone is shallow: "git fetch --unshallow" brings it ("fetch-depth: 0" in a workflow).',
    );
  const procedures = new Map<string, string>();
  const elsewhere: string[] = [];
  let engine = 0;
  const sources = ['spec/*.ts', 'spec/claims/*.ts', 'src/machine', 'src/explore'];
  for (const path of git('diff', '--name-only', '--relative', commit, '--', ...sources)
    .split('\n')
    .filter((line) => line !== '')) {
    const edited = editedParts(git('show', `${commit}:./${path}`, { or: '' }), here(path));
    for (const part of edited) if (part !== REST) procedures.set(part, path);
    if (!path.startsWith('spec/')) engine += edited.length > 0 ? 1 : 0;
    else if (edited.includes(REST)) elsewhere.push(path);
  }
  return { commit, procedures, elsewhere, engine };
};

const here = (path: string): string => {
  const file = join(suite.root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const editedParts = (before: string, after: string): readonly string[] => {
  const [was, is] = [partsOf(before).hashes, partsOf(after).hashes];
  return [...new Set([...was.keys(), ...is.keys()])].filter((part) => was.get(part) !== is.get(part));
};

/** Before and after of one check that is not as it was accepted, and what it may come from: what it can reach and was edited. */
export const changeLines = ({ job, verdict, differences }: Comparison, changes: Changes): readonly string[] => {
  if (differences.length === 0) return [];
  const reached = [...changes.procedures].filter(([name]) => verdict.procedures.includes(name));
  const causes = [...reached.map(([name, path]) => `${name} (${path})`), ...changes.elsewhere];
  return [
    `${titleOf(job)}: ${differences.map(changeText).join(', ')}`,
    ...(verdict.message === '' ? [] : [`  ${verdict.property ?? verdict.verdict}: ${verdict.message}`]),
    causes.length === 0 ? '  nothing that it reaches was edited' : `  edited, and reached by it: ${causes.join(', ')}`,
  ];
};

/** What git(1) says, in the project's folder. `or`: what it is where git finds nothing. */
const git = (...words: readonly (string | { readonly or: string })[]): string => {
  const args = words.filter((word) => typeof word === 'string');
  const otherwise = words.find((word) => typeof word !== 'string')?.or;
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: suite.root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  if (otherwise !== undefined && error === undefined) return otherwise;
  throw new Complaint(
    `--changed needs the history of the project, and git says: ${(error?.message ?? stderr).trim().split('\n')[0]}`,
  );
};
