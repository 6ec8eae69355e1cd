import { Option, type Command } from 'commander';
import type { ExploreRequest } from '../command/explore.ts';
import { duration, wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const exploreOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('explore')
    .description('walk in a scenario by choosing who goes on, in a browser on this machine')
    .argument('<scenario>', 'a name, or a path to a file of your own')
    .addOption(new Option('--design <name>', 'the design').default('lockfree'))
    .option('--off <protection...>', 'protections of the design to do without')
    .addOption(new Option('--path <steps>', 'where to begin, as the page writes it').default('', 'the beginning'))
    .addOption(new Option('--timeout <seconds>', 'for each search').argParser(duration).default(30))
    .addOption(new Option('--port <n>', 'listen there').argParser(wholeNumber).default(0, 'any that is free'))
    .action((scenario: string, { design, off, path, timeout, port }: Partial<ExploreRequest>) =>
      ending(
        import('../command/explore.ts').then(({ explore }) =>
          explore({ scenario, design: design!, off: off ?? [], path: path!, timeout: timeout!, port: port! }, terminal),
        ),
      ),
    );
};
