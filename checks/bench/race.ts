import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findScenario } from '../../src/command/catalogue.ts';
import { worldOf } from '../../src/command/job.ts';
import { breadthFirst } from '../../src/explore/breadthFirst.ts';
import { withModel } from '../../src/explore/model.ts';
import { exported } from '../../src/export/exported.ts';
import { has, must, type Contestant, type Run } from './contestant.ts';
import { rumurs } from './rumur.ts';
import { spins } from './spin.ts';
import { tlc } from './tlc.ts';

/**
 * The explorer against SPIN and Rumur, and against TLC where `--tlc FILE` names its jar, on the same model: the same states, checked by all to be as many, with
 * nothing asked but what the machine watches by itself, and every failure gone past. In each round each contestant runs once, in a
 * process of its own, so that what else the machine does meets all of them; the figures are medians. Prints a Markdown table, after
 * `npm run bench`'s own. What the others need of us, the text of the model, is made before and not counted.
 */
const subjects = [
  { scenario: 'packet-rmhook', design: 'lockfree', all: true },
  // Its ways are too many to be written out for others than SPIN, which has them as tables in C.
  { scenario: 'both-ends', design: 'upstream', all: false },
] as const;

const ROUNDS = 3;

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

const search = (scenario: string, design: string) =>
  withModel(
    worldOf({ scenario: findScenario(scenario).scenario, design, off: [] }),
    { quotient: true, fuse: true },
    (model) => {
      const started = performance.now();
      const { visited, transitions, failures } = breadthFirst(model, [], { budget: {}, allFailures: true });
      const run: Run = {
        seconds: (performance.now() - started) / 1000,
        states: visited.count,
        transitions,
        fails: failures.length > 0,
        bytes: visited.bytes() / visited.count,
      };
      return { run, told: () => exported(model, visited, []) };
    },
  );

/** That another has found the same. With a reduction it may have fewer states, never more. */
const agree = ({ name, whole }: Contestant, run: Run, ours: Run): void => {
  if (whole ? run.states !== ours.states : !(run.states <= ours.states))
    throw new Error(`${name} has ${run.states} states; there are ${ours.states}`);
  if (whole && run.transitions !== null && run.transitions !== ours.transitions)
    throw new Error(`${name} takes ${run.transitions} transitions; there are ${ours.transitions}`);
  if (run.fails !== ours.fails) throw new Error(`${name} has another verdict`);
};

/** The others, made ready. */
const othersOf = (directory: string, { scenario, design, all }: (typeof subjects)[number], jar: string | undefined) => {
  const { run, told } = search(scenario, design);
  const model = told();
  return {
    found: run,
    others: [
      ...(has('spin') ? spins(directory, model, run.states) : []),
      ...(all && has('rumur') ? rumurs(directory, model, run.states) : []),
      ...(all && jar !== undefined ? [tlc(directory, model, jar)] : []),
    ],
  };
};

const race = (subject: (typeof subjects)[number], jar: string | undefined): readonly (readonly unknown[])[] => {
  const { scenario, design } = subject;
  const directory = mkdtempSync(join(tmpdir(), 'netgraph-mc-race-'));
  try {
    const { found, others } = othersOf(directory, subject, jar);
    const ours = { name: 'netgraph-mc', before: [] as number[], runs: [] as Run[] };
    const theirs = others.map((contestant) => ({ contestant, runs: [] as Run[] }));
    for (let round = 0; round < ROUNDS; round++) {
      const one = must('.', process.execPath, [fileURLToPath(import.meta.url), '--one', scenario, design]);
      const run = JSON.parse(one.stdout) as Run;
      ours.before.push(one.seconds - run.seconds);
      ours.runs.push(run);
      for (const { contestant, runs } of theirs) {
        runs.push(contestant.run());
        agree(contestant, runs.at(-1)!, found);
      }
    }
    const usual = median(ours.runs.map(({ seconds }) => seconds));
    const all = theirs.map(({ contestant: { name, before }, runs }) => ({ name, before, runs }));
    return [{ ...ours, before: median(ours.before) }, ...all].map(({ name, before, runs }) => {
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
        first!.bytes?.toFixed(0) ?? '',
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

const {
  values: { one, tlc: jar },
  positionals: [scenario, design],
} = parseArgs({ allowPositionals: true, options: { one: { type: 'boolean' }, tlc: { type: 'string' } } });

if (one === true) console.log(JSON.stringify(search(scenario!, design!).run));
else {
  const absent = has('gcc') ? ['spin', 'rumur'].filter((each) => !has(each)) : ['gcc'];
  if (absent.length > 0) console.log(`\nNot installed, and so not in the race: ${absent.join(', ')}.`);
  if (!absent.includes('gcc')) {
    const rows = subjects
      .filter((subject) => scenario === undefined || subject.scenario === scenario)
      .flatMap((subject) => race(subject, jar === undefined ? undefined : resolve(jar)));
    console.log(
      `\n${cpus()[0]!.model}, ${availableParallelism()} CPUs, Node ${process.version}, gcc -O3, median of ${ROUNDS}\n`,
    );
    console.log([line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'));
  }
}
