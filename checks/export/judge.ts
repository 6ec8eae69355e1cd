import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run, scratch } from '../cli/command.ts';

/** What the checks of an export share, whoever judges it. */

type Model = {
  readonly scenario: string;
  readonly design: string;
  readonly off?: string;
  readonly ofStates: readonly string[];
  readonly ofSteps: boolean;
};

/** Small models of three designs and more; what goes wrong in them that is said of a state, and whether a step goes wrong. */
export const models: readonly Model[] = [
  { scenario: 'hub-alone', design: 'upstream', ofStates: ['no-leak'], ofSteps: false },
  { scenario: 'mkpeer-refused', design: 'upstream', ofStates: ['closing-as-writer'], ofSteps: false },
  { scenario: 'request', design: 'gsoc24', ofStates: [], ofSteps: false },
  { scenario: 'teardown-ether', design: 'lockfree', ofStates: [], ofSteps: false },
  {
    scenario: 'queue-stall',
    design: 'gsoc23',
    ofStates: ['gate-left', 'no-leak', 'other-end-destroyed'],
    ofSteps: false,
  },
  {
    scenario: 'teardown-shutdown',
    design: 'lockfree',
    off: 'unhash-at-shutdown',
    ofStates: ['deadlock'],
    ofSteps: true,
  },
];

export const has = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args).error === undefined;

/** An export in a directory of its own, with what its head says of it. */
export const exportTo = async (
  file: string,
  ...args: readonly string[]
): Promise<{
  readonly directory: string;
  readonly states: number;
  readonly transitions: number;
  readonly wrong: readonly string[];
}> => {
  const directory = scratch();
  const made = await run('export', ...args, '--output', join(directory, file));
  expect(made).toMatchObject({ code: 0, err: '' });
  const text = readFileSync(join(directory, file), 'utf8');
  const [states, transitions] = /finds ([\d,]+) states, ([\d,]+) transitions/
    .exec(text)!
    .slice(1)
    .map((count) => Number(count.replaceAll(',', '')));
  const wrong = /what goes wrong:\n((?:\W+ {2}\S.*\n)+)/.exec(text)![1]!.trimEnd().split('\n');
  return {
    directory,
    states: states!,
    transitions: transitions!,
    wrong: wrong.map((line) => line.replace(/^\W+/, '')).filter((line) => line !== 'nothing'),
  };
};

/** Does a program in a directory, and returns what it prints; one that fails fails the check. */
export const call = (directory: string, program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: directory, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
};

export const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);

export const optionsOf = ({ scenario, design, off }: Model): readonly string[] => [
  scenario,
  '--design',
  design,
  ...(off === undefined ? [] : ['--off', off]),
];

/** What the head of an export says to go wrong, in the terms of `models`. */
export const kindsOf = (wrong: readonly string[]): Pick<Model, 'ofStates' | 'ofSteps'> => {
  const ofStates = wrong.filter((each) => !each.includes(' at ')).map((each) => each.replace(/:.*/, ''));
  return { ofStates: [...new Set(ofStates)].toSorted(), ofSteps: wrong.some((each) => each.includes(' at ')) };
};
