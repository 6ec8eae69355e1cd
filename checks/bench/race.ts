import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/job.ts';
import { breadthFirst } from '../../src/explore/breadthFirst.ts';
import { withModel } from '../../src/explore/model.ts';
import { exported } from '../../src/export/exported.ts';
import { compactOf } from './compact.ts';

/**
 * The explorer against SPIN on the same model: the same states, checked by both to be as many, with nothing asked but what the machine
 * watches by itself, and every failure gone past. In each round each contestant runs once, in a process of its own, so that
 * what else the machine does meets all of them; the figures are medians. Prints a Markdown table, after `npm run bench`'s own.
 * What spin(1) needs of us, the text of the model, is made before and not counted.
 */
const subjects = [
  { scenario: 'packet-rmhook', design: 'lockfree' },
  { scenario: 'both-ends', design: 'upstream' },
] as const;

const ROUNDS = 3;

/** Without and with SPIN's partial-order reduction, without and with its compression of states. */
const ways = {
  'SPIN -DNOREDUCE': ['-DNOREDUCE'],
  SPIN: [],
  'SPIN -DNOREDUCE -DCOLLAPSE': ['-DNOREDUCE', '-DCOLLAPSE'],
  'SPIN -DCOLLAPSE': ['-DCOLLAPSE'],
} as const;

type Run = {
  readonly seconds: number;
  readonly states: number;
  readonly transitions: number;
  readonly bytes: number;
  readonly fails: boolean;
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

const must = (directory: string, program: string, ...args: readonly string[]): { seconds: number; stdout: string } => {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  return { seconds: (performance.now() - started) / 1000, stdout };
};

const search = (scenario: string, design: string) =>
  withModel(
    worldOf({ scenario: findScenario(scenario).scenario, design, off: [] }),
    { quotient: true, fuse: true },
    (model) => {
      const started = performance.now();
      const { visited, transitions, failures } = breadthFirst(model, [], { budget: {}, allFailures: true });
      const seconds = (performance.now() - started) / 1000;
      return {
        seconds,
        states: visited.count,
        transitions,
        fails: failures.length > 0,
        bytes: visited.bytes() / visited.count,
        text: () => compactOf(exported(model, visited, [])),
      };
    },
  );

/** Its table has two to four slots a state: as in ours, and not a fixed size that a small model pays for. */
const spin = (directory: string, program: string, states: number): Run => {
  const { seconds, stdout } = must(
    directory,
    `./${program}`,
    '-c0',
    `-w${Math.ceil(Math.log2(states)) + 1}`,
    '-m100000',
  );
  if (stdout.includes('max search depth too small')) throw new Error(`${program}: -m100000 is too small`);
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const megabytes =
    number(/([\d.]+)\s+actual memory usage for states/) + number(/([\d.]+)\s+memory used for hash table/);
  return {
    seconds,
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions \(/),
    bytes: (megabytes * 2 ** 20) / states,
    fails: number(/errors: (\d+)/) > 0,
  };
};

/**
 * That SPIN has found the same. With its reduction it may store fewer states, never more. It counts one transition more, the one
 * into the initial state; and one for each step that fails, which ours does not count.
 */
const agree = (name: string, run: Run, ours: Omit<Run, 'seconds' | 'bytes'>): void => {
  const whole = name.includes('NOREDUCE');
  if (whole ? run.states !== ours.states : !(run.states <= ours.states))
    throw new Error(`${name} stores ${run.states} states; there are ${ours.states}`);
  if (whole && !ours.fails && run.transitions !== ours.transitions + 1)
    throw new Error(`${name} takes ${run.transitions} transitions; there are ${ours.transitions} and the first`);
};

const race = ({ scenario, design }: (typeof subjects)[number]): readonly (readonly unknown[])[] => {
  const directory = mkdtempSync(join(tmpdir(), 'netgraph-mc-race-'));
  try {
    const { states, transitions, fails, text } = search(scenario, design);
    const { promela, steps } = text();
    writeFileSync(join(directory, 'model.pml'), promela);
    writeFileSync(join(directory, 'steps.c'), steps);
    const translated = must(directory, 'spin', '-a', 'model.pml').seconds;
    const built = Object.entries(ways).map(([name, options], i) => {
      const args = ['-O3', '-w', '-DSAFETY', '-DVECTORSZ=4096', ...options, '-o', `pan${i}`, 'pan.c'];
      return {
        name,
        program: `pan${i}`,
        before: translated + must(directory, 'gcc', ...args).seconds,
        runs: [] as Run[],
      };
    });
    const ours = { name: 'netgraph-mc', before: [] as number[], runs: [] as Run[] };
    for (let round = 0; round < ROUNDS; round++) {
      const { seconds, stdout } = must(
        '.',
        process.execPath,
        fileURLToPath(import.meta.url),
        '--one',
        scenario,
        design,
      );
      const run = JSON.parse(stdout) as Run;
      ours.before.push(seconds - run.seconds);
      ours.runs.push(run);
      for (const { program, runs } of built) runs.push(spin(directory, program, states));
    }
    for (const { name, runs } of built) for (const run of runs) agree(name, run, { states, transitions, fails });
    for (const { name, runs } of [ours, ...built])
      if (runs.some((run) => run.fails !== fails))
        throw new Error(`${name} has another verdict on ${scenario} on ${design}`);
    const usual = median(ours.runs.map(({ seconds }) => seconds));
    return [{ ...ours, before: median(ours.before) }, ...built].map(({ name, before, runs }) => {
      const seconds = median(runs.map((run) => run.seconds));
      const [first] = runs;
      return [
        scenario,
        design,
        name,
        first!.states,
        seconds.toFixed(2),
        (seconds / usual).toFixed(2),
        (first!.states / seconds / 1e6).toFixed(3),
        before.toFixed(2),
        (before + seconds).toFixed(2),
        first!.bytes.toFixed(0),
      ];
    });
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
  'of ours',
  'M states/s',
  's before (compile, close)',
  's to verdict',
  'bytes a state',
];

const [first, scenario, design] = process.argv.slice(2);
if (first === '--one') {
  const { text: _, ...run } = search(scenario!, design!);
  console.log(JSON.stringify(run));
} else if (['spin', 'gcc'].some((each) => spawnSync(each, ['--version']).error !== undefined)) {
  console.log('\nNot raced against SPIN: spin(1) or gcc(1) is not installed.');
} else {
  const rows = subjects.filter(({ scenario: name }) => first === undefined || name === first).flatMap(race);
  console.log(
    `\n${cpus()[0]!.model}, ${availableParallelism()} CPUs, Node ${process.version}, gcc -O3, median of ${ROUNDS}\n`,
  );
  console.log([line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'));
}
