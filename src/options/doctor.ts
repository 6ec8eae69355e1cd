import type { Command } from 'commander';
import type { Host } from './host.ts';

export const doctorOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('doctor')
    .description('say whether this machine has what a gate needs')
    .action(() => ending(import('../command/doctor.ts').then(({ doctor }) => doctor(process.versions.node, terminal))));
};
