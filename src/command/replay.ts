import { counted } from '../report/number.ts';
import { replayResult, replayText } from '../report/replay.ts';
import { schemaVersion } from '../report/result.ts';
import type { Terminal } from '../report/terminal.ts';
import { probe } from '../saving.ts';
import { exit, type ExitCode } from './exit.ts';
import { Exhibition } from './html.ts';
import { loadAll, rerun } from './rerun.ts';

/** `netgraph-mc replay`: walk saved runs again, and say of each whether it ends as its file expects. */
export type ReplayRequest = {
  readonly files: readonly string[];
  readonly json: boolean;
  /** Directory for each run as a page. */
  readonly html?: string;
};

export const replay = ({ files, json, html }: ReplayRequest, terminal: Terminal): ExitCode => {
  if (html !== undefined) probe(html);
  const exhibition = html === undefined ? null : new Exhibition(html);
  const reruns = loadAll([...new Set(files)]).map(({ file, counterexample }) => {
    const done = rerun(file, counterexample);
    if (!json) terminal.out(`${replayText(done, terminal.columns, terminal.paint)}\n`);
    exhibition?.addRerun(done);
    return done;
  });
  if (json) terminal.out(JSON.stringify({ schemaVersion, results: reruns.map(replayResult) }, null, 2));
  const good = reruns.filter(({ asExpected }) => asExpected).length;
  const index = exhibition?.close(`${good} of ${counted(reruns.length, 'saved run')} as expected`);
  if (index !== undefined) terminal.err(`Pages: ${index}`);
  return good === reruns.length ? exit.holds : exit.violated;
};
