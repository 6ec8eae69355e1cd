import { Option, type Command } from 'commander';
import type { Host } from './host.ts';

export const listOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('list')
    .description('show the scenarios, the designs with their switches, and the properties')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--schema', 'print the JSON schema of scenarios').conflicts('json'))
    .action(({ json, schema }: { readonly json?: boolean; readonly schema?: boolean }) =>
      ending(
        import('../command/list.ts').then(({ list }) =>
          list({ json: json === true, schema: schema === true }, terminal),
        ),
      ),
    );
};
