import { spawnSync } from 'node:child_process';

/** Who takes part in the race on one model. */
export type Contestant = {
  readonly name: string;
  /** Whether it must find every state and transition, or may leave some out. */
  readonly whole: boolean;
  /** Seconds that it took to be made ready. */
  readonly before: number;
  readonly run: () => Run;
};

export type Run = {
  readonly seconds: number;
  /** Seconds of a processor. */
  readonly processor: number;
  readonly states: number;
  /** Null where steps that fail are among them, which ours does not count. */
  readonly transitions: number | null;
  /** Of memory for one state; null: it does not say. */
  readonly bytes: number | null;
  readonly fails: boolean;
};

/** Does a program to its end; one that fails ends the race, but for an exit code that is `allowed`. `processor`: seconds of it that were used. */
export const must = (
  directory: string,
  program: string,
  args: readonly string[],
  allowed: readonly number[] = [0],
): { readonly seconds: number; readonly processor: number; readonly stdout: string } => {
  const started = performance.now();
  const timed = '"$0" "$@"; status=$?; times >&2; exit $status';
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', timed, program, ...args], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined || status === null || !allowed.includes(status))
    throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  const seconds = (performance.now() - started) / 1000;
  // The last line is of what the shell has waited for.
  const spent = stderr.trimEnd().split('\n').at(-1)!;
  const [user, system] = [...spent.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => 60 * Number(m) + Number(s));
  return { seconds, processor: user! + system!, stdout };
};

export const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

export const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

/** Slots of a table that has two to four for each state: as ours has, and not a fixed size that a small model pays for. */
export const slotsFor = (states: number): number => 2 ** (Math.ceil(Math.log2(states)) + 1);
