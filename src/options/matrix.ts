import { Option, type Command } from 'commander';
import type { MatrixRequest } from '../command/matrix/matrix.ts';
import { wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const matrixOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
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
      new Option('--update', 'pin the rows in spec/matrix.json and README.md, save the shortest run of each').conflicts(
        ['save', 'json', 'markdown'],
      ),
    )
    .action((protections: string[], { first, unasked, json, markdown, update, ...given }: Partial<MatrixRequest>) => {
      const shape = { json: json === true, markdown: markdown === true, update: update === true };
      const yes = { first: first === true, unasked: unasked === true, ...shape };
      const { design, maxStates, ...rest } = given;
      return ending(
        import('../command/matrix/matrix.ts').then(({ matrix }) =>
          matrix({ ...rest, ...yes, design: design!, maxStates: maxStates!, protections }, terminal, interruptible()),
        ),
      );
    });
};
