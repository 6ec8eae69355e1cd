import { availableParallelism, cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { claimsMade, properties } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { usualSearch, worldOf, type Job } from '../../src/command/jobs/job.ts';
import { breadthFirst } from '../../src/explore/search/breadthFirst.ts';
import type { Watcher } from '../../src/explore/search/search.ts';
import type { Orders } from '../../src/explore/levels/crew.ts';
import { withModel } from '../../src/explore/model/model.ts';

/**
 * How fast the explorer is and what a state costs, on scenarios that are searched to their end. Each is searched several times in
 * one process; the figure is the median. Run by `npm run bench`; prints a Markdown table.
 */
const subjects = [
  { scenario: 'pair-send-rmhook', design: 'upstream' },
  { scenario: 'both-ends', design: 'upstream' },
] as const;

const RUNS = 5;

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

const rows = subjects.map(({ scenario, design }) => {
  const world = worldOf({ scenario: findScenario(scenario).scenario, design, off: [] });
  const ready = performance.now();
  return withModel(world, { quotient: true, fuse: true }, (model) => {
    const closing = (performance.now() - ready) / 1000;
    const runs = Array.from({ length: RUNS }, () => {
      const started = performance.now();
      const { visited, transitions } = breadthFirst(model, properties, { budget: {} });
      return {
        seconds: (performance.now() - started) / 1000,
        transitions,
        states: visited.count,
        bytes: visited.bytes(),
      };
    });
    const { states, transitions, bytes } = runs[0]!;
    const hashed = breadthFirst(model, properties, { budget: {}, fingerprints: true }).visited;
    const rate = median(runs.map(({ seconds }) => transitions / seconds));
    return [
      scenario,
      design,
      states,
      transitions,
      4 * model.layout.words,
      (bytes / states).toFixed(1),
      (hashed.bytes() / hashed.count).toFixed(1),
      (rate / 1e6).toFixed(2),
      closing.toFixed(2),
    ];
  });
});

const heads = [
  'scenario',
  'design',
  'states',
  'transitions',
  'bytes packed',
  'bytes a state in all',
  'with fingerprints',
  'M transitions/s',
  's to close the automata',
];
const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
console.log(
  `${cpus()[0]!.model}, ${availableParallelism()} CPUs, Node ${process.version}, one thread, median of ${RUNS}\n`,
);
console.log([line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'));

/** Threads are worth it where there are many states: they must build the model first. */
const larger = [
  { scenario: 'tee-bypass-rmhook', design: 'lockfree' },
  { scenario: 'hub-persistent', design: 'lockfree' },
] as const;

/** One search by one thread and by two, in turns, so that what else the machine does meets both. */
const several = [...subjects, ...larger].map(({ scenario, design }) => {
  const job: Job = { ...findScenario(scenario), design, off: [], ...usualSearch, budget: {} };
  return withModel(worldOf(job), { quotient: true, fuse: true }, (model) => {
    const timeOf = (more: Partial<Watcher>): { seconds: number; bytes: number } => {
      const started = performance.now();
      const { visited } = breadthFirst(model, claimsMade(job.scenario, undefined), { budget: {}, ...more });
      return { seconds: (performance.now() - started) / 1000, bytes: visited.bytes() / visited.count };
    };
    const hire = (orders: Orders): Worker =>
      new Worker(new URL('../../src/command/jobs/hand.ts', import.meta.url), {
        workerData: { job, orders },
        transferList: [orders.port],
      });
    const pairs = Array.from({ length: RUNS }, () => [
      timeOf({}),
      timeOf({ together: { threads: 2, hire, from: 1000, waits: false, patience: 30 } }),
    ]);
    const ratio = median(pairs.map(([one, two]) => one!.seconds / two!.seconds));
    const [one, two] = pairs[0]!;
    return [
      scenario,
      design,
      ...[0, 1].map((which) => median(pairs.map((pair) => pair[which]!.seconds)).toFixed(2)),
      ratio.toFixed(2),
      one!.bytes.toFixed(0),
      two!.bytes.toFixed(0),
    ];
  });
});
const severalHeads = ['scenario', 'design', 's, one thread', 's, two', 'ratio', 'bytes a state, one', 'two'];
console.log(`\n${[line(severalHeads), line(severalHeads.map(() => '---')), ...several.map(line)].join('\n')}`);
