import { globSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../report/number.ts';
import type { Terminal } from '../../report/terminal.ts';
import { suite } from '../../suite.ts';
import type { Interruption } from '../jobs/interruption.ts';
import { eachOf } from '../jobs/pool.ts';
import { loadAll, type Rerun, type Saved } from '../replay/rerun.ts';
import type { Scope, ScopeRequest } from './scope.ts';

/** The saved runs of the suite, which a gate walks again. */

/**
 * Where not everything is looked at, of the saved runs those are walked that are of a pair that is; of a scenario that was named also those of
 * its designs without a protection.
 */
export const isAbout = ({ chosen }: Scope, { scenarios }: ScopeRequest): ((saved: Saved) => boolean) => {
  const titles = new Set(chosen.map(({ scenario, design }) => `${scenario} on ${design}`));
  return ({ counterexample: { scenario, design } }) =>
    (design.off.length === 0 || scenarios.length > 0) &&
    titles.has(`${scenario.name.replace(/-minimal$/, '')} on ${design.name}`);
};

/** All of the suite, by the names of their files. */
export const savedRuns = (): readonly Saved[] =>
  loadAll(
    globSync('*.json', { cwd: suite.counterexamples })
      .toSorted()
      .map((name) => join(suite.counterexamples, name)),
  );

/** Walks are short, but the automata of each have to be built: so there are threads for them too. */
export const rerunAll = async (
  saved: readonly Saved[],
  workers: number,
  terminal: Terminal,
  interruption: Interruption,
  tell: (rerun: Rerun) => void,
): Promise<readonly Rerun[]> => {
  const reruns: (Rerun | null)[] = [];
  let walked = 0;
  const line = (): string => `${walked} of ${counted(saved.length, 'saved run')} walked`;
  terminal.status.add(line);
  await eachOf(saved, workers, interruption, async (run, index, searcher) => {
    terminal.live?.(line());
    const done = interruption.raised ? null : await searcher.walk(run);
    // Who was stopped while he searched for other runs does not know.
    reruns[index] = interruption.raised && done?.asExpected !== true ? null : done;
    walked++;
    if (reruns[index] !== null) tell(reruns[index]);
  }).finally(() => terminal.status.delete(line));
  terminal.live?.('');
  return reruns.filter((rerun) => rerun !== null);
};
