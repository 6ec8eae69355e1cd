import { CommanderError } from 'commander';
import { availableParallelism } from 'node:os';
import { sep } from 'node:path';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { Complaint } from './complaint.ts';
import { whereThrown } from './machine/place.ts';
import { inProject, suite } from './suite.ts';
import { exit, type ExitCode } from './command/exit.ts';
import { Interruption } from './command/jobs/interruption.ts';
import { commandLine } from './options/commandLine.ts';
import type { Style, Terminal } from './report/terminal.ts';

/**
 * Arguments in, exit code out. The only file that prints, exits, listens to signals and looks at the environment, but for the one sentence of
 * netgraph-mc.js. The options are declared in options/.
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

/** On stderr is no result: without it the verdict and the exit code are what they are. */
stderr.on('error', () => {});

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

/**
 * An error that comes from a line of spec/, or from what a line there asked of the machine, is the specification's, which people change: where
 * and what, in one sentence. Else null.
 */
const mistakeIn = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const { file, line } = whereThrown('', error);
  if (!file.startsWith(`${suite.spec}${sep}`)) return null;
  const kind = error.name === 'Error' ? '' : `${error.name}: `;
  return `${inProject(file)}:${line}: ${kind}${error.message.replace('[suite bug] ', '')}`;
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

/* ---- the command ---- */

const onGitHub = process.env.GITHUB_ACTIONS === 'true';
const program = commandLine({ terminal, ask, interruptible, ending, logHead, onGitHub });

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
