import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { designs, switches } from '../../spec/designs.ts';
import { scenarioNames } from './catalogue.ts';
import { meanings } from './explain/meaning.ts';
import { designNames } from './selection.ts';

type Names = () => readonly string[];

/** Options and arguments that stand for the same in every command. */
const everywhere: Readonly<Record<string, Names>> = {
  design: designNames,
  scenario: scenarioNames,
  off: () => Object.keys(switches),
  protection: () => Object.keys(switches),
};

/** Those that stand for something else in each. A name with a blank, as a KASSERT has, is no word that a shell could put in. */
const inCommand: Readonly<Record<string, Readonly<Record<string, Names>>>> = {
  explain: {
    name: () => [
      ...meanings().flatMap(({ name }) => (/^\S+$/.test(name) ? [name] : [])),
      ...Object.keys(designs),
      ...Object.keys(switches),
    ],
  },
  'new design': { from: designNames },
  'new scenario': { from: scenarioNames },
  complete: { shell: () => ['bash', 'zsh', 'fish'] },
};

/** Completion of command lines: commands and options as they are declared, and the names that only we know. */
export const completion = (program: Command): void => {
  const { commands } = tab(program);
  for (const [command, { options, arguments: positional }] of commands)
    for (const [name, names] of Object.entries({ ...everywhere, ...inCommand[command] })) {
      const [option, argument] = [options.get(name), positional.get(name)];
      if (option !== undefined) option.handler = (complete) => names().forEach((each) => complete(each, ''));
      if (argument !== undefined) argument.handler = (complete) => names().forEach((each) => complete(each, ''));
    }
};
