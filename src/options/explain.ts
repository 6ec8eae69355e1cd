import { Option, type Command } from 'commander';
import type { Host } from './host.ts';

export const explainOptions = (program: Command, { ending, terminal }: Host): void => {
  program
    .command('explain')
    .description('say what a property claims, where the C says so, and what breaks it; or what a design or a switch is')
    .argument('[name]', 'a property, a KASSERT by what it prints, a design or a switch (default: all properties)')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--markdown', 'print spec/PROPERTIES.md').conflicts('json'))
    .action((name: string | undefined, { json, markdown }: { readonly json?: boolean; readonly markdown?: boolean }) =>
      ending(
        import('../command/explain/explain.ts').then(({ explain }) =>
          explain(
            { ...(name === undefined ? {} : { name }), json: json === true, markdown: markdown === true },
            terminal,
          ),
        ),
      ),
    );
};
