import { counted } from '../../report/number.ts';
import { replayLine, replayResult, replayText } from '../../report/replay.ts';
import { progressLine, reportProgress } from '../../report/progress.ts';
import { schemaVersion } from '../../schema.ts';
import type { Terminal } from '../../report/terminal.ts';
import { Complaint } from '../../complaint.ts';
import { probe } from '../../saving.ts';
import { storyOfRun } from '../../viewer/run.ts';
import { exit, type ExitCode } from '../exit.ts';
import { Exhibition } from './html.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { eachOf } from '../jobs/pool.ts';
import { loadAll, rerun, type Rerun } from './rerun.ts';
import { stepThrough, type Ask } from './stepping.ts';
import { tellingOfRerun } from './telling.ts';

/** `netgraph-mc replay`: walk saved runs again, and say of each whether it ends as its file expects. */
export type ReplayRequest = {
  readonly files: readonly string[];
  readonly json: boolean;
  /** Directory for each run as a page. */
  readonly html?: string;
};

export const replay = async (
  { files, json, html }: ReplayRequest,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> => {
  if (html !== undefined) probe(html);
  const exhibition = html === undefined ? null : new Exhibition(html);
  const all = loadAll([...new Set(files)]);
  const reruns: Rerun[] = [];
  // One thread: what it says of a file should follow what it says of the file before.
  await eachOf(all, 1, interruption, async (saved, _, searcher) => {
    if (interruption.raised) return;
    const report = reportProgress(saved.file, terminal, progressLine);
    const done = await searcher.walk(saved, report.show).finally(report.end);
    if (done === null || (interruption.raised && !done.asExpected)) return;
    if (!json) terminal.out(`${replayText(done, terminal.columns, terminal.paint)}\n`);
    exhibition?.addRerun(done);
    reruns.push(done);
  });
  if (json) terminal.out(JSON.stringify({ schemaVersion, results: reruns.map(replayResult) }, null, 2));
  const good = reruns.filter(({ asExpected }) => asExpected).length;
  const index = exhibition?.close(`${good} of ${counted(reruns.length, 'saved run')} as expected`);
  if (index !== undefined) terminal.err(`Pages: ${index}`);
  if (good < reruns.length) return exit.violated;
  if (reruns.length === all.length) return exit.holds;
  terminal.err(`Interrupted, so not walked: ${counted(all.length - reruns.length, 'saved run')}.`);
  return exit.unknown;
};

/** `netgraph-mc replay FILE --step`: walk through one saved run on the terminal. */
export const replaySteps = async (files: readonly string[], terminal: Terminal, ask: Ask): Promise<ExitCode> => {
  const [only, ...others] = loadAll(files);
  if (only === undefined || others.length > 0) throw new Complaint('--step walks through one saved run, not several.');
  const done = rerun(only);
  const telling = tellingOfRerun(done);
  if (telling === null)
    throw new Complaint(`${only.file}: ${done.replay.reason}, so there is nothing to walk through.`);
  terminal.out(`${replayLine(done, terminal.paint)}\n`);
  await stepThrough(storyOfRun(telling.setting, telling.subject, telling.trace), ask, terminal);
  return done.asExpected ? exit.holds : exit.violated;
};
