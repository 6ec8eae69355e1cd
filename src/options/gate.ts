import { Option, type Command } from 'commander';
import type { GateRequest } from '../command/gate/gate.ts';
import { shard, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';
import { published, publishing } from './publishing.ts';

export const gateOptions = (program: Command, { ending, interruptible, logHead, onGitHub, terminal }: Host): void => {
  publishing(program.command('gate'))
    .description('explore what has an accepted verdict, walk the saved runs again, and compare')
    .argument('[scenario...]', 'only these, and of them all that has an accepted verdict (default: the quick set)')
    .addOption(
      new Option('--changed', 'tell what has changed since the verdicts were accepted, and by which edits').conflicts([
        'update',
        'json',
        'ndjson',
        'tap',
      ]),
    )
    .option('--no-cache', 'find each verdict anew, also those that were found on the same sources before')
    .option('--full', 'explore all of it, and not only the quick set')
    .option('--design <name...>', 'the designs to explore (default: every design)')
    .addOption(
      new Option('--shard <part>', 'do one part of it, like 2/4: the parts are the same on every machine')
        .argParser(shard)
        .conflicts('update'),
    )
    .option('--workers <n>', 'how many checks to explore at a time (default: one for each core)', wholeNumber)
    .addOption(
      new Option('--within <states>', 'leave out what has an accepted verdict after more states')
        .argParser(wholeNumber)
        .conflicts('update'),
    )
    .addOption(
      new Option(
        '--html <directory>',
        'write index.html there, and each run that is saved or not as expected as a page',
      ).conflicts('update'),
    )
    .addOption(
      new Option('--update', 'accept the present verdicts and counts of these scenarios on these designs').conflicts([
        'json',
        'ndjson',
        'tap',
        'junit',
        'sarif',
      ]),
    )
    .action((scenarios: string[], { full, update, cache, changed, ...given }: Partial<GateRequest>) => {
      logHead();
      return ending(
        import('../command/gate/gate.ts').then(({ gate }) =>
          gate(
            {
              ...given,
              ...published(given, onGitHub),
              scenarios,
              full: full === true,
              update: update === true,
              cache: cache === true,
              changed: changed === true,
            },
            terminal,
            interruptible(),
          ),
        ),
      );
    });
};
