import { Option, type Command } from 'commander';
import type { ExportRequest } from '../command/export.ts';
import { wholeNumber } from './argument.ts';
import type { Host } from './host.ts';

export const exportOptions = (program: Command, { ending, interruptible, terminal }: Host): void => {
  program
    .command('export')
    .description('write a scenario on a design as a model for SPIN, Rumur or TLC, or as a graph')
    .argument('<scenario>', 'a name, or a path to a file of your own')
    .addOption(new Option('--design <name>', 'the design').default('lockfree'))
    .option('--off <protection...>', 'protections of the design to do without')
    .addOption(
      new Option('--to <language>', 'in which language')
        .choices(['promela', 'murphi', 'tla', 'dot'])
        .default('promela'),
    )
    .option('--no-quotient', 'do not merge local states that have the same future')
    .addOption(
      new Option(
        '--max-states <n>',
        'export nothing that has more states (default: 1,000,000; a graph: 10,000)',
      ).argParser(wholeNumber),
    )
    .option('--output <file>', 'write it there instead of printing it')
    .action((scenario: string, { design, off, to, quotient, ...given }: Partial<ExportRequest>) => {
      const yes = { quotient: quotient === true, design: design!, to: to!, off: off ?? [] };
      return ending(
        import('../command/export.ts').then(({ exportModel }) =>
          exportModel({ ...given, ...yes, scenario }, terminal, interruptible()),
        ),
      );
    });
};
