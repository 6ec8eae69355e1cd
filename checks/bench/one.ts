import { Worker } from 'node:worker_threads';
import type { Scenario } from '../../spec/scenario.ts';
import { usualSearch, worldOf, type Job } from '../../src/command/jobs/job.ts';
import { breadthFirst } from '../../src/explore/search/breadthFirst.ts';
import type { Orders, Together } from '../../src/explore/levels/crew.ts';
import { withModel } from '../../src/explore/model/model.ts';
import type { Model } from '../../src/explore/model/model.ts';
import type { Reached } from '../../src/explore/states/visited.ts';
import { must, type Contestant, type Run } from './contestant.ts';

/** One search of ours for the race. `node one.ts ASKED` does it in a process of its own and prints what came of it. */
export type Asked = {
  readonly scenario: Scenario;
  readonly design: string;
  readonly symmetry?: boolean;
  readonly reduce?: boolean;
  readonly threads?: number;
};

/**
 * Every state is gone through, past every failure, with nothing asked but what the machine watches by itself. Reductions and threads go with a search for the first
 * failure only. `use` sees the states.
 */
export const searched = <T>(asked: Asked, use: (run: Run, model: Model, visited: Reached) => T): T => {
  const { scenario, design, symmetry = false, reduce = false, threads = 1 } = asked;
  const job: Job = {
    name: '',
    path: '',
    scenario,
    design,
    off: [],
    ...usualSearch,
    symmetry,
    reduce,
    conduct: [],
    budget: {},
  };
  const hire = (orders: Orders): Worker =>
    new Worker(new URL('../../src/command/jobs/hand.ts', import.meta.url), {
      workerData: { job, orders },
      transferList: [orders.port],
    });
  const together: Together = { threads, hire, from: 1000, waits: false, patience: 30 };
  return withModel(worldOf(job), { quotient: true, fuse: true }, (model) => {
    const started = performance.now();
    const before = process.cpuUsage();
    const { visited, transitions, failures, ending } = breadthFirst(model, [], {
      budget: {},
      ...(symmetry || reduce ? { symmetry, reduce } : { allFailures: threads === 1 }),
      ...(threads > 1 ? { together } : {}),
    });
    const { user, system } = process.cpuUsage(before);
    const run: Run = {
      seconds: (performance.now() - started) / 1000,
      processor: (user + system) / 1e6,
      states: visited.count,
      transitions,
      fails: failures.length > 0 || ending.kind !== 'exhausted',
      bytes: visited.bytes() / visited.count,
    };
    return use(run, model, visited);
  });
};

/** Ours as a contestant. What it needs first is done anew in each run, and is in what `before` says after it. */
export const ours = (name: string, asked: Asked): Contestant => {
  const befores: number[] = [];
  return {
    name,
    whole: asked.symmetry !== true && asked.reduce !== true,
    get before() {
      return befores.toSorted((a, b) => a - b)[befores.length >> 1] ?? 0;
    },
    run: () => {
      const { seconds, stdout } = must('.', process.execPath, [import.meta.filename, JSON.stringify(asked)]);
      const run = JSON.parse(stdout) as Run;
      befores.push(seconds - run.seconds);
      return run;
    },
  };
};

if (import.meta.main) console.log(JSON.stringify(searched(JSON.parse(process.argv[2]!) as Asked, (run) => run)));
