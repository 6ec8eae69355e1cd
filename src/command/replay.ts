import { replayResult, replayText } from '../report/replay.ts';
import { schemaVersion } from '../report/result.ts';
import type { Terminal } from '../report/terminal.ts';
import { exit, type ExitCode } from './exit.ts';
import { loadAll, rerun } from './rerun.ts';

/** `netgraph-mc replay`: walk saved runs again, and say of each whether it ends as its file expects. */
export type ReplayRequest = { readonly files: readonly string[]; readonly json: boolean };

export const replay = ({ files, json }: ReplayRequest, terminal: Terminal): ExitCode => {
  const reruns = loadAll([...new Set(files)]).map(({ file, counterexample }) => {
    const done = rerun(file, counterexample);
    if (!json) terminal.out(`${replayText(done, terminal.columns, terminal.paint)}\n`);
    return done;
  });
  if (json) terminal.out(JSON.stringify({ schemaVersion, results: reruns.map(replayResult) }, null, 2));
  return reruns.every(({ asExpected }) => asExpected) ? exit.holds : exit.violated;
};
