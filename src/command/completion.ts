import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { scenarioNames } from './catalogue.ts';
import { designNames } from './selection.ts';

/** Completion of command lines: commands and options as they are declared, and the names that only we know. */
export const completion = (program: Command): void => {
  const { commands } = tab(program);
  const known: Readonly<Record<string, () => readonly string[]>> = { design: designNames, scenario: scenarioNames };
  for (const command of commands.values()) {
    for (const [name, names] of Object.entries(known)) {
      const option = command.options.get(name);
      if (option !== undefined) option.handler = (complete) => names().forEach((each) => complete(each, ''));
      const argument = command.arguments.get(name);
      if (argument !== undefined) argument.handler = (complete) => names().forEach((each) => complete(each, ''));
    }
  }
};
