import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { Complaint } from './complaint.ts';
import type { CheckRequest } from './command/check.ts';
import { exit, type ExitCode } from './command/exit.ts';
import type { DiffRequest } from './command/diff.ts';
import type { DataRequest } from './command/datapath.ts';
import type { ExportRequest } from './command/export.ts';
import type { ExploreRequest } from './command/explore.ts';
import type { GateRequest } from './command/gate.ts';
import type { SurveyRequest } from './command/survey.ts';
import { Interruption } from './command/interruption.ts';
import type { MatrixRequest } from './command/matrix.ts';
import type { Shard } from './command/scope.ts';
import type { MinimizeRequest } from './command/minimize.ts';
import type { NewDesignRequest, NewPropertyRequest, NewScenarioRequest } from './command/new.ts';
import type { Style, Terminal } from './report/terminal.ts';

/**
 * Arguments in, exit code out. The only file that prints, exits, listens to signals and looks at the environment, but for the one sentence of
 * netgraph-mc.js. What a command needs is loaded when the command is called, so that `--help` and a mistyped option are answered at
 * once. It is long because every option of every command is declared here, and nothing else of them is.
 */

/* ---- the screen ---- */

const styles = { good: 'green', bad: 'red', doubt: 'yellow', faint: 'dim', strong: 'bold' } as const satisfies Record<
  Style,
  Parameters<typeof styleText>[0]
>;
const { stdin, stdout, stderr } = process;

/** A live line stands at the bottom of the screen until something else is written over it. */
let isLive = false;
const wipe = (): void => {
  if (isLive) stderr.write('\r\x1b[K');
  isLive = false;
};
const over = (stream: NodeJS.WriteStream, text: string): void => {
  wipe();
  stream.write(`${text}\n`);
};
const live = (text: string): void => {
  wipe();
  if (text === '') return;
  stderr.write(text.slice(0, (stderr.columns || 80) - 1));
  isLive = true;
};

const terminal: Terminal = {
  out: (text) => over(stdout, text),
  err: (text) => over(stderr, text),
  live: stderr.isTTY ? live : null,
  columns: Math.max(20, Math.trunc(stdout.columns || Number(process.env.COLUMNS)) || 80),
  paint: (style, text) => styleText(styles[style], text, { stream: stdout }),
  status: new Set(),
};

/** One line of what is typed, or of what comes through a pipe; null at its end. Nothing is read before somebody asks. */
const ask = async (prompt: string): Promise<string | null> => {
  wipe();
  if (stdin.isTTY) stdout.write(prompt);
  typed ??= createInterface({ input: stdin })[Symbol.asyncIterator]();
  const { value, done } = await typed.next();
  return done === true ? null : value;
};
let typed: AsyncIterator<string> | null = null;

/** A reader that went away (`| head`) is no error of anybody; a full disk behind `>` is the user's to put right. */
stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') stderr.write(`The output could not be written (${code}); the verdict is lost.\n`);
  process.exit(code === 'EPIPE' ? exit.unknown : exit.badInput);
});

/* ---- signals ---- */

/**
 * The first Ctrl-C asks the search to stop and to say how far it got, a later one ends the process as usual. `npm` and
 * `timeout` pass on to their child what the terminal has sent to it already, so what follows at once is the same one again.
 */
const interruptible = (): Interruption => {
  const interruption = new Interruption();
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (interruption.raised && performance.now() - first < sameSignal) return;
      if (interruption.raised) return killedBy(signal);
      first = performance.now();
      terminal.err('Stopping at the next state; once more to end at once.');
      interruption.raise();
    });
  return interruption;
};

/** How far it is, on demand: Ctrl-T (SIGINFO) where the system has it, SIGUSR2 elsewhere. Other systems never send the first. */
for (const signal of ['SIGINFO', 'SIGUSR2'] as const)
  process.on(signal, () => {
    const lines = [...terminal.status].map((line) => line());
    for (const line of lines.length === 0 ? ['Nothing is being explored just now.'] : lines) terminal.err(line);
  });

const sameSignal = 500;
/** So that the shell sees what it was. */
const killedBy = (signal: NodeJS.Signals): void => {
  wipe();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
};

/* ---- exits ---- */

const reproduction = (): string =>
  ['netgraph-mc', ...process.argv.slice(2)]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
    .join(' ');

const root = new URL('..', import.meta.url).pathname;

/**
 * An error that comes from a line of spec/, or from what a line there asked of the machine, is the specification's, which people change: where
 * and what, in one sentence. Else null.
 */
const mistakeIn = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const places = [...(error.stack ?? '').matchAll(/(?:file:\/\/)?(\/[^\s():]+\.ts):(\d+)/g)];
  const [, file = '', line] = places.find(([, path]) => !path!.startsWith(`${root}src/machine/`)) ?? [];
  if (!file.startsWith(`${root}spec/`)) return null;
  const kind = error.name === 'Error' ? '' : `${error.name}: `;
  return `${file.slice(root.length)}:${line}: ${kind}${error.message.replace('[suite bug] ', '')}`;
};

const codeOfError = (error: unknown): ExitCode => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.holds : exit.badInput;
  if (error instanceof Complaint) {
    terminal.err(error.message);
    return exit.badInput;
  }
  const mistake = mistakeIn(error);
  if (mistake !== null) {
    terminal.err(mistake);
    return exit.badInput;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`[suite bug] ${text.replace('[suite bug] ', '')}\nTo reproduce it: ${reproduction()}`);
  return exit.bug;
};

const dieOf = (error: unknown): never => process.exit(codeOfError(error));
process.on('uncaughtException', dieOf).on('unhandledRejection', dieOf);

const ending = async (command: Promise<ExitCode>): Promise<void> => {
  terminal.live?.('loading …');
  process.exitCode = await command;
  wipe();
};

/** The first line of a log, at once: a gate takes minutes, and who reads the log later asks with what it was made. */
const logHead = (): void => {
  if (terminal.live !== null) return;
  const { node } = process.versions;
  terminal.err(
    `netgraph-mc ${manifest.version} (Node.js ${node}, ${process.platform}, CPUs: ${availableParallelism()})`,
  );
};

/* ---- arguments ---- */

type Json = { readonly json?: boolean };
type ReplayOptions = Json & {
  readonly html?: string;
  readonly step?: boolean;
  readonly on: 'spec' | 'implementation' | 'threads';
};

const wholeNumber = (text: string): number => {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('It should be a whole number from 1 on.');
  return n;
};
/** What is drawn is drawn from 32 bits: a larger seed would be another one. */
const seed = (text: string): number => {
  if (wholeNumber(text) >= 2 ** 32) throw new InvalidArgumentError('It should be less than 4,294,967,296.');
  return Number(text);
};
const count = (text: string): number => {
  const n = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError('It should be a number from 0 on.');
  return n;
};
const duration = (text: string): number => {
  const n = Number(text);
  if (!(n > 0 && n < 1e9)) throw new InvalidArgumentError('It should be a number of seconds.');
  return n;
};

const minutes = (text: string): number => {
  const n = Number(text);
  if (!(n > 0 && n < 1e6)) throw new InvalidArgumentError('It should be a number of minutes.');
  return n;
};

const program = new Command('netgraph-mc')
  .description(manifest.description)
  .version(manifest.version)
  .exitOverride()
  .showSuggestionAfterError()
  .configureHelp({ minWidthToWrap: 20 })
  .configureOutput({ getOutHelpWidth: () => terminal.columns, getErrHelpWidth: () => terminal.columns })
  .addHelpText(
    'after',
    `
Completion: netgraph-mc complete bash (or zsh, fish) prints a script for the shell

Exit codes: 0 holds, or all as expected; 1 violated, or not as expected; 2 unknown;
            3 bad input; 70 a bug of this program`,
  );

/** What programs that keep the score are told: options of every command that judges. */
const publishing = (command: Command): Command =>
  command
    .option('--junit <file>', 'write the score there as JUnit XML')
    .option('--sarif <file>', 'write what is violated or unknown there as SARIF 2.1.0, each with its run')
    .option('--github', 'annotate the lines of the specification (default: where GITHUB_ACTIONS is true)')
    .option('--no-github', 'do not')
    .addOption(new Option('--json', 'print one JSON object').conflicts(['tap', 'ndjson']))
    .addOption(new Option('--ndjson', 'print a line of JSON for each thing as it happens').conflicts('tap'))
    .option('--tap', 'print it as the Test Anything Protocol, for kyua and prove');

type Published = Partial<Pick<CheckRequest, 'github' | 'tap' | 'ndjson' | 'json'>>;
const published = ({ github, tap, ndjson, json }: Published) => ({
  github: github ?? process.env.GITHUB_ACTIONS === 'true',
  tap: tap === true,
  ndjson: ndjson === true,
  json: json === true,
});

/** An option that may be said several times; who says several words after it takes the scenarios for some of them. */
const oneMore = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const shard = (text: string): Shard => {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number < 1 || of < number)
    throw new InvalidArgumentError('It should be a part like 2/4, from 1/4 to 4/4.');
  return { number, of };
};

publishing(program.command('gate'))
  .description('explore what has an accepted verdict, walk the saved runs again, and compare')
  .argument('[scenario...]', 'only these, and of them all that has an accepted verdict (default: the quick set)')
  .addOption(
    new Option('--changed', 'tell what has changed since the verdicts were accepted, and by which edits').conflicts([
      'update',
      'json',
      'ndjson',
      'tap',
    ]),
  )
  .option('--no-cache', 'find each verdict anew, also those that were found on the same sources before')
  .option('--full', 'explore all of it, and not only the quick set')
  .option('--design <name...>', 'the designs to explore (default: every design)')
  .addOption(
    new Option('--shard <part>', 'do one part of it, like 2/4: the parts are the same on every machine')
      .argParser(shard)
      .conflicts('update'),
  )
  .option('--workers <n>', 'how many checks to explore at a time (default: one for each core)', wholeNumber)
  .addOption(
    new Option('--within <states>', 'leave out what has an accepted verdict after more states')
      .argParser(wholeNumber)
      .conflicts('update'),
  )
  .addOption(
    new Option(
      '--html <directory>',
      'write index.html there, and each run that is saved or not as expected as a page',
    ).conflicts('update'),
  )
  .addOption(
    new Option('--update', 'accept the present verdicts and counts of these scenarios on these designs').conflicts([
      'json',
      'ndjson',
      'tap',
      'junit',
      'sarif',
    ]),
  )
  .action((scenarios: string[], { full, update, cache, changed, ...given }: Partial<GateRequest>) => {
    logHead();
    return ending(
      import('./command/gate.ts').then(({ gate }) =>
        gate(
          {
            ...given,
            ...published(given),
            scenarios,
            full: full === true,
            update: update === true,
            cache: cache === true,
            changed: changed === true,
          },
          terminal,
          interruptible(),
        ),
      ),
    );
  });

publishing(program.command('check'))
  .description('explore scenarios on designs and show the shortest run that goes wrong')
  .argument('[scenario...]', 'names, or paths to files of your own (default: all of the suite)')
  .option('--design <name>', 'a design to check; may be said several times (default: every design)', oneMore)
  .option('--off <protection...>', 'protections of the design to do without')
  .option('--claim <name...>', 'claims about data operations, or that runs end, in place of what is claimed otherwise')
  .option('--max-states <n>', 'give up after so many states', wholeNumber)
  .option('--timeout <seconds>', 'give up after so long, for each check', duration)
  .option('--workers <n>', 'how many checks to explore at a time (default: one for each core)', wholeNumber)
  .addOption(
    new Option('--threads <n>', 'how many threads search in each check (default: as many as leave no core idle)')
      .argParser(wholeNumber)
      .conflicts(['reduce', 'allFailures']),
  )
  .option('--no-quotient', 'do not merge local states that have the same future')
  .option('--no-fuse', 'make each access that only the owner can make a step of its own')
  .option(
    '--symmetry',
    'take states for one that differ only in the numbers of interchangeable items, packets and CPUs',
  )
  .option('--reduce', 'leave out orders of steps that make no difference; runs may be longer')
  .addOption(
    new Option('--all-failures', 'go on after a failure, and find each distinct one').conflicts([
      'reduce',
      'save',
      'out',
      'checkpoint',
      'resume',
    ]),
  )
  .option('--checkpoint <file>', 'keep the search there, now and then and when it is stopped')
  .option('--every <minutes>', 'how often to keep it (default: 5)', minutes)
  .option('--resume <file>', 'go on with a search that was kept')
  .addOption(
    new Option('--fingerprints', 'keep 64 bits of each state: less memory, and a state may be left out').conflicts([
      'claim',
      'reduce',
      'allFailures',
      'threads',
      'checkpoint',
      'resume',
    ]),
  )
  .addOption(
    new Option('--depth-first', 'go on from the newest state first: deep failures are met early').conflicts([
      'fingerprints',
      'allFailures',
      'threads',
      'checkpoint',
      'resume',
      'walks',
      'preemptions',
    ]),
  )
  .addOption(
    new Option(
      '--by-need',
      'close the local automata only as far as the search comes, be they ever so small',
    ).conflicts(['symmetry', 'reduce', 'threads', 'memory', 'checkpoint', 'resume']),
  )
  .addOption(
    new Option('--memory <mb>', 'keep on a disk what so many megabytes have no room for, in each check')
      .argParser(wholeNumber)
      .conflicts(['claim', 'reduce', 'allFailures', 'threads', 'fingerprints', 'depthFirst', 'walks', 'preemptions']),
  )
  .option('--disk <directory>', 'where to (default: .netgraph-mc/)')
  .option('--unreached', 'name the steps that never happened in any run, and do not only count them')
  .option('--why', 'where a bound ends the search, say what the states differ in')
  .addOption(
    new Option('--walks <n>', 'look for a failure on so many runs at random, and prove nothing')
      .argParser(wholeNumber)
      .conflicts(['reduce', 'symmetry', 'fingerprints', 'maxStates', 'threads', 'checkpoint', 'resume']),
  )
  .option('--seed <n>', 'what runs at random are drawn from (default: 1)', seed)
  .addOption(
    new Option('--preemptions <n>', 'look only at runs in which a CPU is stopped so often though it could go on')
      .argParser(count)
      .conflicts(['reduce', 'symmetry', 'fingerprints', 'threads', 'walks', 'checkpoint', 'resume']),
  )
  .option('--save', 'save each run that goes wrong in counterexamples/')
  .option('--out <directory>', 'save it there instead')
  .option('--html <directory>', 'write each run as a page there, and index.html')
  .action(
    (
      scenarios: string[],
      { off, save, quotient, fuse, reduce, symmetry, allFailures, ...given }: Partial<CheckRequest>,
    ) => {
      const yes = {
        quotient: quotient === true,
        fuse: fuse === true,
        reduce: reduce === true,
        symmetry: symmetry === true,
        allFailures: allFailures === true,
        save: save === true,
      };
      return ending(
        import('./command/check.ts').then(({ check }) =>
          check({ ...given, ...published(given), ...yes, scenarios, off: off ?? [] }, terminal, interruptible()),
        ),
      );
    },
  );

program
  .command('survey')
  .description('explore every few operations on every small graph, and show each distinct way in which a design breaks')
  .option('--design <name...>', 'the designs to explore on (default: every design)')
  .option('--graph <name...>', 'the graphs to explore (default: every graph)')
  .addOption(new Option('--size <n>', 'operations at a time').argParser(wholeNumber).default(2))
  .addOption(
    new Option(
      '--max-states <n>',
      'give up a search after so many states (default: 300000; of all choices at once 50000000)',
    ).argParser(wholeNumber),
  )
  .option('--workers <n>', 'how many to explore at a time (default: one for each core)', wholeNumber)
  .option('--timeout <seconds>', 'begin nothing after so long', duration)
  .addOption(
    new Option(
      '--walks <n>',
      'look at so many runs at random on each graph, in place of searches: what each CPU does is drawn too',
    )
      .argParser(wholeNumber)
      .conflicts(['maxStates', 'preemptions']),
  )
  .addOption(
    new Option(
      '--preemptions <n>',
      'look only at runs in which a CPU is stopped so often at most though it could go on, of all choices of operations on a graph at once',
    ).argParser(count),
  )
  .option(
    '--each <n>',
    'with --walks or --preemptions: how many operations each CPU does, one after the other (default: 1)',
    wholeNumber,
  )
  .option('--random <n>', 'draw so many scenarios instead, of one or two operations for each of two CPUs', wholeNumber)
  .option('--seed <n>', 'what is drawn, scenarios or runs, is drawn from this (default: 1)', seed)
  .option('--save <directory>', 'save a run to each break, and the scenario that it is from')
  .option('--json', 'print one JSON object')
  .action(({ size, json, ...given }: Partial<SurveyRequest>) =>
    ending(
      import('./command/survey.ts').then(({ survey }) =>
        survey({ ...given, size: size!, json: json === true }, terminal, interruptible()),
      ),
    ),
  );

program
  .command('matrix')
  .description('take each protection off a design, and show which scenarios catch that')
  .argument('[protection...]', 'the protections (default: all that the design has on)')
  .addOption(new Option('--design <name>', 'the design').default('lockfree'))
  .option('--scenario <name...>', 'names, or paths to files of your own (default: all of the suite)')
  .option('--within <states>', 'leave out scenarios in which the whole design has more states', wholeNumber)
  .addOption(
    new Option('--max-states <n>', 'give up a scenario after so many states')
      .argParser(wholeNumber)
      .default(20_000_000),
  )
  .option('--workers <n>', 'how many to explore at a time (default: one for each core)', wholeNumber)
  .option('--first', 'stop at the first scenario that catches, in the order of their states')
  .option('--unasked', 'explore also the scenarios in which nothing asks for the protection')
  .option('--save <directory>', 'save the shortest run of each row')
  .option('--json', 'print one JSON object')
  .addOption(new Option('--markdown', 'print the table of README.md').conflicts('json'))
  .addOption(
    new Option('--update', 'pin the rows in spec/matrix.json and README.md, save the shortest run of each').conflicts([
      'save',
      'json',
      'markdown',
    ]),
  )
  .action((protections: string[], { first, unasked, json, markdown, update, ...given }: Partial<MatrixRequest>) => {
    const shape = { json: json === true, markdown: markdown === true, update: update === true };
    const yes = { first: first === true, unasked: unasked === true, ...shape };
    const { design, maxStates, ...rest } = given;
    return ending(
      import('./command/matrix.ts').then(({ matrix }) =>
        matrix({ ...rest, ...yes, design: design!, maxStates: maxStates!, protections }, terminal, interruptible()),
      ),
    );
  });

program
  .command('data')
  .description(
    'say of each design whether data waits for restructuring, how long an operation is, and what a hop costs',
  )
  .argument(
    '[scenario...]',
    'names, or paths to files of your own (default: those that send data and are small enough)',
  )
  .option('--design <name...>', 'the designs to explore on (default: every design)')
  .addOption(
    new Option('--within <states>', 'without names: the scenarios accepted within so many states on every design')
      .argParser(wholeNumber)
      .default(50_000),
  )
  .addOption(
    new Option('--max-states <n>', 'give up each exploration after so many states')
      .argParser(wholeNumber)
      .default(2_000_000),
  )
  .option('--workers <n>', 'how many to explore at a time (default: one for each core)', wholeNumber)
  .option('--json', 'print one JSON object')
  .addOption(new Option('--markdown', 'print it as spec/DATAPATH.md is written').conflicts('json'))
  .addOption(new Option('--update', 'write spec/datapath.json and spec/DATAPATH.md').conflicts(['json', 'markdown']))
  .action((scenarios: string[], { within, maxStates, json, markdown, update, ...given }: Partial<DataRequest>) => {
    const yes = { json: json === true, markdown: markdown === true, update: update === true };
    return ending(
      import('./command/datapath.ts').then(({ data }) =>
        data({ ...given, ...yes, scenarios, within: within!, maxStates: maxStates! }, terminal, interruptible()),
      ),
    );
  });

program
  .command('findings')
  .description('write spec/FINDINGS.md anew from spec/findings.json and the saved runs')
  .action(() => ending(import('./command/findings.ts').then(({ findings }) => findings(terminal))));

program
  .command('replay')
  .description('walk saved runs again on the specification as it is today')
  .argument('<file...>', 'saved counterexamples')
  .option('--html <directory>', 'write each run as a page there, and index.html')
  .addOption(
    new Option('--on <what>', 'the specification, or the library src/netgraph: stopped at each access, or on threads')
      .choices(['spec', 'implementation', 'threads'])
      .default('spec'),
  )
  .option('--json', 'print one JSON object')
  .addOption(new Option('--step', 'walk through one of them, step by step').conflicts(['json', 'html']))
  .action((files: string[], { json, html, step, on }: ReplayOptions) => {
    if (on !== 'spec') {
      if (html !== undefined || step === true)
        throw new Complaint('--html and --step are for runs on the specification.');
      const request = { files, on, json: json === true };
      return ending(import('./command/realised.ts').then(({ replayOnLibrary }) => replayOnLibrary(request, terminal)));
    }
    return ending(
      import('./command/replay.ts').then(({ replay, replaySteps }) =>
        step === true
          ? replaySteps(files, terminal, ask)
          : replay({ files, json: json === true, ...(html === undefined ? {} : { html }) }, terminal, interruptible()),
      ),
    );
  });

program
  .command('diff')
  .description('compare the library src/netgraph with the specification of the same design, access by access')
  .argument('[scenario...]', 'names, or paths to files of your own (default: all that can be compared)')
  .addOption(
    new Option('--mode <mode>', 'runs at random, every interleaving, or real threads')
      .choices(['lockstep', 'exhaustive', 'threads'])
      .default('lockstep'),
  )
  .addOption(
    new Option('--design <name>', 'which of the two designs that the library has')
      .choices(['lockfree', 'rwlock'])
      .default('lockfree'),
  )
  .addOption(new Option('--seconds <n>', 'how long, for each scenario').argParser(duration).default(5))
  .addOption(new Option('--seed <n>', 'what runs at random are drawn from').argParser(seed).default(1))
  .addOption(
    new Option('--max-states <n>', 'exhaustive: give up after so many states')
      .argParser(wholeNumber)
      .default(1_000_000),
  )
  .option('--no-fuse', 'exhaustive: make each access that no other thread can meet a step of its own')
  .option('--coverage', 'search the model too, and name the steps that it can take and no run has realised')
  .option('--out <directory>', 'save there the run in which the two part ways')
  .option('--json', 'print one JSON object')
  .action((scenarios: string[], { json, coverage, fuse, ...given }: Omit<DiffRequest, 'scenarios'>) => {
    const yes = { json: json === true, coverage: coverage === true, fuse: fuse === true };
    return ending(
      import('./command/diff.ts').then(({ diff }) => diff({ ...given, ...yes, scenarios }, terminal, interruptible())),
    );
  });

program
  .command('export')
  .description('write a scenario on a design as a model for SPIN, Rumur or TLC, or as a graph')
  .argument('<scenario>', 'a name, or a path to a file of your own')
  .addOption(new Option('--design <name>', 'the design').default('lockfree'))
  .option('--off <protection...>', 'protections of the design to do without')
  .addOption(
    new Option('--to <language>', 'in which language').choices(['promela', 'murphi', 'tla', 'dot']).default('promela'),
  )
  .option('--no-quotient', 'do not merge local states that have the same future')
  .addOption(
    new Option(
      '--max-states <n>',
      'export nothing that has more states (default: 1,000,000; a graph: 10,000)',
    ).argParser(wholeNumber),
  )
  .option('--output <file>', 'write it there instead of printing it')
  .action((scenario: string, { design, off, to, quotient, ...given }: Partial<ExportRequest>) => {
    const yes = { quotient: quotient === true, design: design!, to: to!, off: off ?? [] };
    return ending(
      import('./command/export.ts').then(({ exportModel }) =>
        exportModel({ ...given, ...yes, scenario }, terminal, interruptible()),
      ),
    );
  });

program
  .command('explore')
  .description('walk in a scenario by choosing who goes on, in a browser on this machine')
  .argument('<scenario>', 'a name, or a path to a file of your own')
  .addOption(new Option('--design <name>', 'the design').default('lockfree'))
  .option('--off <protection...>', 'protections of the design to do without')
  .addOption(new Option('--path <steps>', 'where to begin, as the page writes it').default('', 'the beginning'))
  .addOption(new Option('--timeout <seconds>', 'for each search').argParser(duration).default(30))
  .addOption(new Option('--port <n>', 'listen there').argParser(wholeNumber).default(0, 'any that is free'))
  .action((scenario: string, { design, off, path, timeout, port }: Partial<ExploreRequest>) =>
    ending(
      import('./command/explore.ts').then(({ explore }) =>
        explore({ scenario, design: design!, off: off ?? [], path: path!, timeout: timeout!, port: port! }, terminal),
      ),
    ),
  );

program
  .command('minimize')
  .description('make saved runs minimal in CPUs, operations and pre-emptions, each with the same failure')
  .argument('<file...>', 'saved counterexamples')
  .option('--max-states <n>', 'give up each smaller scenario after so many states (default: 2,000,000)', wholeNumber)
  .option('--timeout <seconds>', 'stop after so long, for each file, with the smallest so far', duration)
  .option('--out <directory>', 'save there instead of in counterexamples/')
  .addOption(new Option('--in-place', 'save in place of the file itself').conflicts('out'))
  .option('--json', 'print one JSON object')
  .action((files: string[], { json, inPlace, ...given }: Partial<MinimizeRequest>) =>
    ending(
      import('./command/minimize.ts').then(({ minimize }) =>
        minimize({ ...given, files, json: json === true, inPlace: inPlace === true }, terminal, interruptible()),
      ),
    ),
  );

program
  .command('list')
  .description('show the scenarios, the designs with their switches, and the properties')
  .option('--json', 'print one JSON object')
  .addOption(new Option('--schema', 'print the JSON schema of scenarios').conflicts('json'))
  .action(({ json, schema }: Json & { readonly schema?: boolean }) =>
    ending(
      import('./command/list.ts').then(({ list }) => list({ json: json === true, schema: schema === true }, terminal)),
    ),
  );

const fresh = program
  .command('new')
  .description('write a design, a scenario or a property to begin with, with comments that say how to go on');

fresh
  .command('design')
  .description('a design of your own in spec/designs.ts, made of one that there is')
  .argument('<name>', 'its name')
  .addOption(new Option('--from <design>', 'what it is made of').default('lockfree'))
  .option('--switch <name>', 'with a switch of this name, which no other design has on')
  .option('--off <protection...>', 'protections of that design to do without')
  .action((name: string, { from, off, ...given }: Partial<NewDesignRequest>) =>
    ending(
      import('./command/new.ts').then(({ newDesign }) =>
        newDesign({ ...given, name, from: from!, off: off ?? [] }, terminal),
      ),
    ),
  );

fresh
  .command('scenario')
  .description('a scenario of your own in spec/scenarios, or where a path says')
  .argument('<name>', 'its name, or a path')
  .addOption(new Option('--from <scenario>', 'which scenario to begin with').default('packet-rmhook'))
  .action((name: string, { from }: Partial<NewScenarioRequest>) =>
    ending(import('./command/new.ts').then(({ newScenario }) => newScenario({ name, from: from! }, terminal))),
  );

fresh
  .command('property')
  .description('a claim of your own in spec/claims, which every check makes')
  .argument('<name>', 'its name')
  .addOption(
    new Option('--kind <kind>', 'of which states it must be true')
      .choices(['always', 'finally', 'sometimes', 'eventually'])
      .default('always'),
  )
  .action((name: string, { kind }: Partial<NewPropertyRequest>) =>
    ending(import('./command/new.ts').then(({ newProperty }) => newProperty({ name, kind: kind! }, terminal))),
  );

program
  .command('explain')
  .description('say what a property claims, where the C says so, and what breaks it; or what a design or a switch is')
  .argument('[name]', 'a property, a KASSERT by what it prints, a design or a switch (default: all properties)')
  .option('--json', 'print one JSON object')
  .addOption(new Option('--markdown', 'print spec/PROPERTIES.md').conflicts('json'))
  .action((name: string | undefined, { json, markdown }: Json & { readonly markdown?: boolean }) =>
    ending(
      import('./command/explain.ts').then(({ explain }) =>
        explain(
          { ...(name === undefined ? {} : { name }), json: json === true, markdown: markdown === true },
          terminal,
        ),
      ),
    ),
  );

program
  .command('doctor')
  .description('say whether this machine has what a gate needs')
  .action(() => ending(import('./command/doctor.ts').then(({ doctor }) => doctor(process.versions.node, terminal))));

program
  .command('manual')
  .description('print the manual page: netgraph-mc manual | mandoc -l, or man -l -')
  .action(() => ending(import('./command/manual.ts').then(({ manual }) => manual(program, terminal))));

/** `complete bash|zsh|fish` prints the script of that shell, which then asks `complete -- WORDS` at each Tab. */
if (process.argv[2] === 'complete') {
  // In bash a constant cannot be declared again, so a shell that reads the script twice would complain.
  const { log } = console;
  console.log = (text: unknown) => log(String(text).replaceAll(/^readonly (?=\w+=)/gm, ''));
  await import('./command/completion.ts').then(({ completion }) => completion(program));
}

await program.parseAsync().catch((error: unknown) => {
  process.exitCode = codeOfError(error);
});
