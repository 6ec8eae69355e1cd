import type { Command } from 'commander';
import type { Host } from './host.ts';

export const manualOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('manual')
    .description('print the manual page: netgraph-mc manual | mandoc -l, or man -l -')
    .action(() => ending(import('../command/manual.ts').then(({ manual }) => manual(program, terminal))));
};
