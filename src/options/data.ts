import { Option, type Command } from 'commander';
import type { DataRequest } from '../command/datapath.ts';
import { wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const dataOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
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
      new Option(
        '--within <states>',
        'without names: the scenarios accepted within so many states on every design (default: 50000)',
      ).argParser(wholeNumber),
    )
    .addOption(
      new Option('--max-states <n>', 'give up each exploration after so many states')
        .argParser(wholeNumber)
        .default(2_000_000),
    )
    .option('--workers <n>', 'how many to explore at a time (default: one for each core)', wholeNumber)
    .option('--json', 'print one JSON object')
    .addOption(new Option('--markdown', 'print it as spec/DATAPATH.md is written').conflicts('json'))
    .addOption(
      new Option('--update', 'write spec/datapath.json and spec/DATAPATH.md, of all designs').conflicts([
        'design',
        'within',
        'json',
        'markdown',
      ]),
    )
    .action((scenarios: string[], { maxStates, json, markdown, update, ...given }: Partial<DataRequest>) => {
      const yes = { json: json === true, markdown: markdown === true, update: update === true };
      return ending(
        import('../command/datapath.ts').then(({ data }) =>
          data({ ...given, ...yes, scenarios, maxStates: maxStates! }, terminal, interruptible()),
        ),
      );
    });
};
