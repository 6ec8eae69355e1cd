import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findScenario } from '../../src/command/catalogue.ts';
import { exported } from '../../src/export/exported.ts';
import type { Scenario } from '../../spec/scenario.ts';
import { has, type Contestant, type Run } from './contestant.ts';
import { ours, searched, type Asked } from './one.ts';
import { rumurs } from './rumur.ts';
import { spins } from './spin.ts';
import { tlc } from './tlc.ts';

/**
 * The explorer against SPIN and Rumur, and against TLC where `--tlc FILE` names its jar, on the same model: the same states, checked by all to be as many, with
 * nothing asked but what the machine watches by itself, and every failure gone past. In each round each contestant runs once, in a
 * process of its own, so that what else the machine does meets all of them; the figures are medians. Prints a Markdown table, after
 * `npm run bench`'s own. What the others need of us, the text of the model, is made before and not counted.
 */
type Subject = {
  readonly scenario: string;
  readonly design: string;
  readonly rounds: number;
  /** Its ways can be written out for others than SPIN, which has them as tables in C. */
  readonly all?: boolean;
  /** TLC does not come to its end within an hour. */
  readonly long?: boolean;
  /** Ours with its reductions as well; of SPIN then only what was fastest elsewhere. */
  readonly reduced?: boolean;
};
const subjects: readonly Subject[] = [
  { scenario: 'packet-rmhook', design: 'lockfree', rounds: 3, all: true },
  { scenario: 'both-ends', design: 'upstream', rounds: 3 },
  { scenario: 'both-ends', design: 'lockfree', rounds: 3, reduced: true },
  { scenario: 'storm', design: 'lockfree', rounds: 1, reduced: true },
];

/** With more CPUs than these nobody can hold all states: with four it is sixty million. */
const MOST = 4;

/** A packet comes to a node while its hook is removed, with so many CPUs: all but one send. */
const grown = (count: number): Scenario => {
  const { scenario } = findScenario('packet-rmhook');
  const [sends, removes] = scenario.cpus;
  const senders = Array.from({ length: count - 1 }, () => sends!);
  return { ...scenario, cpus: [...senders, removes!], packets: count - 1, items: count + 2, ngthreads: 0, claims: [] };
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** That another has found the same. With a reduction it may have fewer states, never more. */
const agree = ({ name, whole }: Contestant, run: Run, all: Run): void => {
  if (whole ? run.states !== all.states : !(run.states <= all.states))
    throw new Error(`${name} has ${run.states} states; there are ${all.states}`);
  if (whole && run.transitions !== null && run.transitions !== all.transitions)
    throw new Error(`${name} takes ${run.transitions} transitions; there are ${all.transitions}`);
  if (run.fails !== all.fails) throw new Error(`${name} has another verdict`);
};

type Entered = { readonly all: Run; readonly contestants: readonly Contestant[] };

/** All that take part, made ready. */
const entered = (
  directory: string,
  asked: Asked,
  { all = false, long = false, reduced = false }: Partial<Subject>,
): Entered =>
  searched(asked, (run, model, visited) => {
    const told = exported(model, visited, []);
    const symmetric = { ...asked, symmetry: true };
    return {
      all: run,
      contestants: [
        ours('netgraph-mc', asked),
        ...(reduced
          ? [
              ours('netgraph-mc --symmetry', symmetric),
              ours('netgraph-mc --symmetry --threads 2', { ...symmetric, threads: 2 }),
              ours('netgraph-mc --symmetry --reduce', { ...symmetric, reduce: true }),
            ]
          : []),
        ...(has('spin') ? spins(directory, told, run.states, reduced) : []),
        ...(all && has('rumur') ? rumurs(directory, told, run.states, long) : []),
        ...(all && !long && jar !== undefined ? [tlc(directory, told, resolve(jar))] : []),
      ],
    };
  });

/** Ours with all that it has, where there are too many states without for anybody. */
const alone = (title: string, asked: Asked): readonly (readonly unknown[])[] => {
  const contestant = ours('netgraph-mc --symmetry --threads 2', { ...asked, symmetry: true, threads: 2 });
  const run = contestant.run();
  return [rowOf(title, asked.design, contestant, [run], run.processor)];
};

const rowOf = (
  title: string,
  design: string,
  { name, before }: Contestant,
  runs: readonly Run[],
  usual: number,
): readonly unknown[] => {
  const seconds = median(runs.map((run) => run.seconds));
  const processor = median(runs.map((run) => run.processor));
  const [{ states, bytes }] = runs as readonly [Run];
  return [
    title,
    design,
    name,
    states,
    seconds.toFixed(2),
    processor.toFixed(2),
    (processor / usual).toFixed(2),
    (states / seconds / 1e6).toFixed(3),
    before.toFixed(2),
    (before + seconds).toFixed(2),
    bytes?.toFixed(0) ?? '',
  ];
};

const race = (title: string, asked: Asked, subject: Partial<Subject>): readonly (readonly unknown[])[] => {
  const directory = mkdtempSync(join(tmpdir(), 'netgraph-mc-race-'));
  try {
    const { all, contestants } = entered(directory, asked, subject);
    const runs = contestants.map((): Run[] => []);
    for (let round = 0; round < (subject.rounds ?? 1); round++)
      contestants.forEach((contestant, i) => {
        runs[i]!.push(contestant.run());
        agree(contestant, runs[i]!.at(-1)!, all);
      });
    const usual = median(runs[0]!.map(({ processor }) => processor));
    return contestants.map((contestant, i) => rowOf(title, asked.design, contestant, runs[i]!, usual));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
const heads = [
  'scenario',
  'design',
  'who',
  'states',
  's',
  's of processor',
  'of ours',
  'M states/s',
  's before (compile, close)',
  's to verdict',
  'bytes a state',
];

const {
  values: { tlc: jar },
  positionals: [only, cpusOnly],
} = parseArgs({
  allowPositionals: true,
  options: { tlc: { type: 'string' } },
});

const absent = has('gcc') ? ['spin', 'rumur'].filter((each) => !has(each)) : ['gcc'];
if (absent.length > 0) console.log(`\nNot installed, and so not in the race: ${absent.join(', ')}.`);
if (!absent.includes('gcc')) {
  console.log(`\n${cpus()[0]!.model}, ${availableParallelism()} CPUs, Node ${process.version}, gcc -O3\n`);
  console.log([line(heads), line(heads.map(() => '---'))].join('\n'));
  const tell = (rows: readonly (readonly unknown[])[]): void => console.log(rows.map(line).join('\n'));
  for (const subject of subjects)
    if (only === undefined || only === subject.scenario)
      tell(
        race(subject.scenario, { scenario: findScenario(subject.scenario).scenario, design: subject.design }, subject),
      );
  // How the cost grows with the work.
  if (only === undefined || only === 'growth')
    for (const count of [2, 3, 4, 5]) {
      if (cpusOnly !== undefined && count !== Number(cpusOnly)) continue;
      const asked = { scenario: grown(count), design: 'lockfree' };
      // Of two CPUs there are so few states that Rumur's verifier ends in a segmentation fault.
      tell(
        count <= MOST
          ? race(`${count} CPUs`, asked, { all: count > 2, long: count === MOST, reduced: true })
          : alone(`${count} CPUs`, asked),
      );
    }
}
