import { Option, type Command } from 'commander';
import type { MinimizeRequest } from '../command/minimize.ts';
import { duration, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const minimizeOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
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
        import('../command/minimize.ts').then(({ minimize }) =>
          minimize({ ...given, files, json: json === true, inPlace: inPlace === true }, terminal, interruptible()),
        ),
      ),
    );
};
