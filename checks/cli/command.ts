import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { on } from 'node:events';
import { cpSync, existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** The command as a user runs it: a process with arguments, two streams and an exit code. */
export type Run = { readonly code: number | null; readonly out: string; readonly err: string };

const root = join(import.meta.dirname, '../..');

export const start = (
  args: readonly string[],
  where = root,
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(where, 'src/cli.ts'), ...args], { cwd: where, env: { ...process.env, ...env } });

export const ended = (child: ChildProcessWithoutNullStreams): Promise<Run> =>
  new Promise((resolve, reject) => {
    const texts = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
    child.on('error', reject).on('close', (code) => resolve({ code, ...texts }));
  });

/**
 * Asks how far it is, again and again until it says what is wanted, on stderr. A process that does not listen yet would be killed by the
 * question. Fails when it ends without having said it.
 */
export const askedUntil = async (child: ChildProcessWithoutNullStreams, wanted: RegExp): Promise<void> => {
  const texts = on(child.stderr, 'data', { close: ['close'] });
  const late = performance.now() + START;
  while (!isListening(child.pid!) && child.exitCode === null && performance.now() < late) await setTimeout(20);
  const asking = setInterval(() => void child.kill('SIGUSR2'), 50);
  let told = '';
  try {
    for await (const text of texts) {
      told += String(text[0]);
      if (wanted.test(told)) return;
    }
  } finally {
    clearInterval(asking);
  }
  throw new Error(`it ended, and never said ${wanted}: ${told}`);
};

/** Linux says which signals a process catches; elsewhere it is given time. */
const isListening = (pid: number): boolean => {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return false;
  const caught = /^SigCgt:\s+(\w+)$/m.exec(readFileSync(status, 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGUSR2 - 1)) & 1n) === 1n;
};
/** Milliseconds. */
const START = 20_000;

export const run = (...args: readonly string[]): Promise<Run> => ended(start(args));

const directories: string[] = [];

/** A directory that is there until the checks of the file are over. */
export const scratch = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'netgraph-mc-'));
  directories.push(directory);
  return directory;
};
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A file with this text, or with this value as JSON. */
export const fileOf = (content: unknown, name = 'own.json'): string => {
  const path = join(scratch(), name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

/** A copy of the suite with scenarios of its own, no baseline and no saved runs: the gate can be opened and closed in it. */
export const copyOfSuite = (scenarios: Readonly<Record<string, unknown>>): string => {
  const copy = scratch();
  for (const part of ['src', 'spec', 'package.json']) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const part of ['spec/scenarios', 'spec/baseline.json', 'spec/matrix.json'])
    rmSync(join(copy, part), { recursive: true, force: true });
  for (const part of ['spec/scenarios', 'counterexamples']) mkdirSync(join(copy, part));
  for (const [name, scenario] of Object.entries(scenarios))
    writeFileSync(join(copy, 'spec/scenarios', `${name}.json`), JSON.stringify(scenario));
  return copy;
};
