import { Option, type Command } from 'commander';
import type { CheckRequest } from '../command/check.ts';
import { count, duration, minutes, oneMore, seed, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';
import { published, publishing } from './publishing.ts';

export const checkOptions = (program: Command, { ending, interruptible, onGitHub, terminal }: Host): void => {
  publishing(program.command('check'))
    .description('explore scenarios on designs and show the shortest run that goes wrong')
    .argument('[scenario...]', 'names, or paths to files of your own (default: all of the suite)')
    .option('--design <name>', 'a design to check; may be said several times (default: every design)', oneMore)
    .option('--off <protection...>', 'protections of the design to do without')
    .option(
      '--claim <name...>',
      'claims about data operations, or that runs end, in place of what is claimed otherwise',
    )
    .option('--max-states <n>', 'give up after so many states', wholeNumber)
    .option('--timeout <seconds>', 'give up after so long, for each check', duration)
    .option('--workers <n>', 'how many checks to explore at a time (default: one for each core)', wholeNumber)
    .addOption(
      new Option('--threads <n>', 'how many threads search in each check (default: as many as leave no core idle)')
        .argParser(wholeNumber)
        .conflicts(['reduce', 'allFailures']),
    )
    .option('--no-quotient', 'do not merge local states that have the same future')
    .option('--no-fuse', 'make each access that only the owner can make a step of its own')
    .option(
      '--symmetry',
      'take states for one that differ only in the numbers of interchangeable items, packets and CPUs',
    )
    .option('--reduce', 'leave out orders of steps that make no difference; runs may be longer')
    .addOption(
      new Option('--all-failures', 'go on after a failure, and find each distinct one').conflicts([
        'reduce',
        'save',
        'out',
        'checkpoint',
        'resume',
      ]),
    )
    .option('--checkpoint <file>', 'keep the search there, now and then and when it is stopped')
    .option('--every <minutes>', 'how often to keep it (default: 5)', minutes)
    .option('--resume <file>', 'go on with a search that was kept')
    .addOption(
      new Option('--fingerprints', 'keep 64 bits of each state: less memory, and a state may be left out').conflicts([
        'claim',
        'reduce',
        'allFailures',
        'threads',
        'checkpoint',
        'resume',
      ]),
    )
    .addOption(
      new Option('--depth-first', 'go on from the newest state first: deep failures are met early').conflicts([
        'fingerprints',
        'allFailures',
        'threads',
        'checkpoint',
        'resume',
        'walks',
        'preemptions',
      ]),
    )
    .addOption(
      new Option(
        '--by-need',
        'close the local automata only as far as the search comes, be they ever so small',
      ).conflicts(['symmetry', 'reduce', 'threads', 'memory', 'checkpoint', 'resume']),
    )
    .addOption(
      new Option('--memory <mb>', 'keep on a disk what so many megabytes have no room for, in each check')
        .argParser(wholeNumber)
        .conflicts(['claim', 'reduce', 'allFailures', 'threads', 'fingerprints', 'depthFirst', 'walks', 'preemptions']),
    )
    .option('--disk <directory>', 'where to (default: .netgraph-mc/)')
    .option('--unreached', 'name the steps that never happened in any run, and do not only count them')
    .option('--why', 'where a bound ends the search, say what the states differ in')
    .addOption(
      new Option('--walks <n>', 'look for a failure on so many runs at random, and prove nothing')
        .argParser(wholeNumber)
        .conflicts(['reduce', 'symmetry', 'fingerprints', 'maxStates', 'threads', 'checkpoint', 'resume']),
    )
    .option('--seed <n>', 'what runs at random are drawn from (default: 1)', seed)
    .addOption(
      new Option('--preemptions <n>', 'look only at runs in which a CPU is stopped so often though it could go on')
        .argParser(count)
        .conflicts(['reduce', 'symmetry', 'fingerprints', 'threads', 'walks', 'checkpoint', 'resume']),
    )
    .option('--save', 'save each run that goes wrong in counterexamples/')
    .option('--out <directory>', 'save it there instead')
    .option('--html <directory>', 'write each run as a page there, and index.html')
    .action(
      (
        scenarios: string[],
        { off, save, quotient, fuse, reduce, symmetry, allFailures, ...given }: Partial<CheckRequest>,
      ) => {
        const yes = {
          quotient: quotient === true,
          fuse: fuse === true,
          reduce: reduce === true,
          symmetry: symmetry === true,
          allFailures: allFailures === true,
          save: save === true,
        };
        return ending(
          import('../command/check.ts').then(({ check }) =>
            check(
              { ...given, ...published(given, onGitHub), ...yes, scenarios, off: off ?? [] },
              terminal,
              interruptible(),
            ),
          ),
        );
      },
    );
};
