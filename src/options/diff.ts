import { Option, type Command } from 'commander';
import type { DiffRequest } from '../command/diff/diff.ts';
import { duration, seed, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const diffOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
  program
    .command('diff')
    .description('compare the library src/netgraph with the specification of the same design, access by access')
    .argument('[scenario...]', 'names, or paths to files of your own (default: all that can be compared)')
    .addOption(
      new Option('--mode <mode>', 'runs at random, every interleaving, or real threads')
        .choices(['lockstep', 'exhaustive', 'threads'])
        .default('lockstep'),
    )
    .addOption(
      new Option('--design <name>', 'which of the two designs that the library has')
        .choices(['lockfree', 'rwlock'])
        .default('lockfree'),
    )
    .addOption(new Option('--seconds <n>', 'how long, for each scenario').argParser(duration).default(5))
    .addOption(new Option('--seed <n>', 'what runs at random are drawn from (default: 1)').argParser(seed))
    .addOption(
      new Option('--max-states <n>', 'exhaustive: give up after so many states (default: 1000000)').argParser(
        wholeNumber,
      ),
    )
    .option('--no-fuse', 'exhaustive: make each access that no other thread can meet a step of its own')
    .option('--coverage', 'search the model too, and name the steps that it can take and no run has realised')
    .option('--out <directory>', 'save there the run in which the two part ways')
    .option('--json', 'print one JSON object')
    .action((scenarios: string[], { json, coverage, fuse, ...given }: Omit<DiffRequest, 'scenarios'>) => {
      const yes = { json: json === true, coverage: coverage === true, fuse: fuse === true };
      return ending(
        import('../command/diff/diff.ts').then(({ diff }) =>
          diff({ ...given, ...yes, scenarios }, terminal, interruptible()),
        ),
      );
    });
};
