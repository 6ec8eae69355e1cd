import { unsupported } from '../../differ/comparable.ts';
import { Crew } from '../../differ/crew.ts';
import { keyOf, librarysOf, netgraphSubject } from '../../differ/netgraph.ts';
import { lockstepModel, Product } from '../../differ/product.ts';
import { meantBy, walkSaved, withRoom, type SavedWalk } from '../../differ/saved.ts';
import { replayedOnThreads } from '../../differ/threads.ts';
import { namesOf, usualModel, withModel } from '../../explore/model/model.ts';
import { CALLBACK } from '../../explore/search/next.ts';
import { counted } from '../../report/number.ts';
import { schemaVersion } from '../../schema.ts';
import type { Terminal } from '../../report/terminal.ts';
import { Complaint } from '../../complaint.ts';
import { exit, type ExitCode } from '../exit.ts';
import { loadAll, walkToday, type Saved } from './rerun.ts';

/** `netgraph-mc replay --on`: the order of a saved run, forced upon the library, which must not fail in it: a run of `repair-4` in the design rwlock, all others in lockfree. */
export const replayTargets = ['spec', 'implementation', 'threads'] as const;
export type LibraryTarget = Exclude<(typeof replayTargets)[number], 'spec'>;

type Realised = SavedWalk & {
  readonly file: string;
  readonly steps: number;
  /** Why it is no run of its own design any more; null: it is one. */
  readonly stale: string | null;
};

export const replayOnLibrary = async (
  { files, on, json }: { readonly files: readonly string[]; readonly on: LibraryTarget; readonly json: boolean },
  terminal: Terminal,
): Promise<ExitCode> => {
  const results: Realised[] = [];
  for (const saved of loadAll([...new Set(files)])) {
    const result = await realise(saved, on);
    results.push(result);
    if (!json) terminal.out(lineOf(result));
  }
  if (json) terminal.out(JSON.stringify({ schemaVersion, on, results }, null, 2));
  if (results.some(({ divergence, stale }) => divergence !== null || stale !== null)) return exit.violated;
  return results.some(({ cutShort }) => cutShort) ? exit.unknown : exit.holds;
};

const nothing: SavedWalk = {
  divergence: null,
  parted: null,
  absent: 0,
  firstAbsent: null,
  cutShort: true,
  schedule: [],
};

const realise = ({ file, counterexample }: Saved, on: LibraryTarget): Promise<Realised> => {
  const steps = counterexample.schedule.length;
  const { replay, world, scenario } = walkToday(file, counterexample);
  if (world === null || replay.outcome === 'stale')
    return Promise.resolve({ ...nothing, file, steps, stale: replay.reason });
  const reason = unsupported(scenario);
  if (reason !== null) throw new Complaint(`${file} cannot be walked on the library: ${reason}.`);
  const { labels: own, cpuNames: cpus } = namesOf(world, usualModel);
  // The walk ends where the run fails; what is said after that has to be a step of it all the same.
  const known = new Set([CALLBACK, ...own.map(({ name }) => name)]);
  const stray = counterexample.schedule.find(({ cpu, step }) => !cpus.includes(cpu) || !known.has(step));
  if (stray !== undefined)
    return Promise.resolve({
      ...nothing,
      file,
      steps,
      stale: `its design has no CPU "${stray.cpu}" with a step "${stray.step}"`,
    });
  const roomy = withRoom(scenario);
  const design = librarysOf(counterexample.design.name);
  const subject = netgraphSubject(counterexample.scenario.name, roomy, design);
  return withModel(subject.world, lockstepModel, async (model) => {
    const product = new Product(subject, model);
    const walked = walkSaved(product, meantBy(counterexample.schedule, own, model.labels));
    const result = { file, steps, stale: null, ...walked };
    if (on === 'implementation' || walked.divergence !== null || walked.cutShort) return result;
    const module = new URL('../../differ/netgraph.ts', import.meta.url).href;
    const crew = new Crew(subject, { module, key: keyOf(roomy, design) }, 1);
    try {
      const differs = await replayedOnThreads(product, crew, walked.schedule);
      return differs === null
        ? result
        : { ...result, divergence: { thread: 'threads', access: null, reason: differs } };
    } finally {
      await crew.end();
    }
  });
};

const lineOf = ({
  file,
  steps,
  stale,
  divergence,
  parted,
  absent,
  firstAbsent,
  cutShort,
  schedule,
}: Realised): string => {
  if (stale !== null) return `stale          ${file}: ${stale}`;
  const lacks =
    firstAbsent === null
      ? ''
      : `; ${absent} of the steps it does not have, the first at ${firstAbsent.at}: "${firstAbsent.step}"`;
  const way =
    parted === null
      ? `followed to its last of ${steps} steps${lacks}`
      : `at step ${parted.at} of ${steps} the library parts ways: ${parted.reason}${lacks}`;
  if (cutShort)
    return `unknown        ${file}: ${way}; given up after ${counted(schedule.length, 'access', 'accesses')}`;
  if (divergence === null)
    return `does not fail  ${file}: ${way}; ${counted(schedule.length, 'access', 'accesses')} to the end`;
  const after = divergence.access === null ? '' : ` after "${divergence.access}"`;
  return `fails          ${file}: ${way}\n  ${divergence.thread}${after}: ${divergence.reason}`;
};
