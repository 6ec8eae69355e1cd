import type { Command } from 'commander';
import type { Host } from './host.ts';

export const findingsOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('findings')
    .description('write spec/FINDINGS.md anew from spec/findings.json and the saved runs')
    .action(() => ending(import('../command/findings.ts').then(({ findings }) => findings(terminal))));
};
