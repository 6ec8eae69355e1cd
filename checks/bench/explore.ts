import { availableParallelism, cpus } from 'node:os';
import { properties } from '../../spec/properties.ts';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/job.ts';
import { breadthFirst } from '../../src/explore/breadthFirst.ts';
import { withModel } from '../../src/explore/model.ts';

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
    const rate = median(runs.map(({ seconds }) => transitions / seconds));
    return [
      scenario,
      design,
      states,
      transitions,
      4 * model.layout.words,
      (bytes / states).toFixed(1),
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
  'M transitions/s',
  's to close the automata',
];
const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
console.log(
  `${cpus()[0]!.model}, ${availableParallelism()} CPUs, Node ${process.version}, one thread, median of ${RUNS}\n`,
);
console.log([line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'));
