import type { Command } from 'commander';
import { manualText, type ManualCommand } from '../report/manual.ts';
import type { Terminal } from '../report/terminal.ts';
import { exit, type ExitCode } from './exit.ts';

/** `netgraph-mc manual`: src/netgraph-mc.1 as it is written, of the commands as they are declared. */
export const manual = (program: Command, terminal: Terminal): ExitCode => {
  terminal.out(manualText([...commandsOf(program, ''), complete]).trimEnd());
  return exit.holds;
};

/** Declared by whoever answers the shell, and only while it does (completion.ts). */
const complete: ManualCommand = {
  name: 'complete',
  description: 'print a completion script for bash, zsh or fish',
  arguments: ['<shell>'],
  options: [],
};

/** Commands that have commands are told by these. */
const commandsOf = ({ commands }: Command, before: string): readonly ManualCommand[] =>
  commands.flatMap((command) => {
    const name = `${before}${command.name()}`;
    if (command.commands.length > 0) return commandsOf(command, `${name} `);
    const shown = command.options.filter(({ hidden }) => !hidden);
    return [
      {
        name,
        description: command.description(),
        arguments: command.registeredArguments.map(
          (argument) =>
            `${argument.required ? '<' : '['}${argument.name()}${argument.variadic ? '...' : ''}${argument.required ? '>' : ']'}`,
        ),
        options: shown.map(({ flags, description, defaultValue, defaultValueDescription }) => ({
          flags,
          description: withDefault(description, defaultValue, defaultValueDescription),
        })),
      },
    ];
  });

/** As `--help` says it. What is on unless it is switched off by a `--no-` says so by its name. */
const withDefault = (description: string, value: unknown, said: string | undefined): string =>
  value === undefined || typeof value === 'boolean' ? description : `${description} (default: ${said ?? value})`;
