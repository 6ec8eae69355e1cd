import { Option, type Command } from 'commander';
import type { NewDesignRequest, NewPropertyRequest, NewScenarioRequest } from '../command/new.ts';
import type { Host } from './host.ts';

export const newOptions = (program: Command, { ending, terminal }: Host): void => {
  const fresh = program
    .command('new')
    .description('write a design, a scenario or a property to begin with, with comments that say how to go on');

  fresh
    .command('design')
    .description('a design of your own in spec/designs.ts, made of one that there is')
    .argument('<name>', 'its name')
    .addOption(new Option('--from <design>', 'what it is made of').default('lockfree'))
    .option('--switch <name>', 'with a switch of this name, which no other design has on')
    .option('--off <protection...>', 'protections of that design to do without')
    .action((name: string, { from, off, ...given }: Partial<NewDesignRequest>) =>
      ending(
        import('../command/new.ts').then(({ newDesign }) =>
          newDesign({ ...given, name, from: from!, off: off ?? [] }, terminal),
        ),
      ),
    );

  fresh
    .command('scenario')
    .description('a scenario of your own in spec/scenarios, or where a path says')
    .argument('<name>', 'its name, or a path')
    .addOption(new Option('--from <scenario>', 'which scenario to begin with').default('packet-rmhook'))
    .action((name: string, { from }: Partial<NewScenarioRequest>) =>
      ending(import('../command/new.ts').then(({ newScenario }) => newScenario({ name, from: from! }, terminal))),
    );

  fresh
    .command('property')
    .description('a claim of your own in spec/claims, which every check makes')
    .argument('<name>', 'its name')
    .addOption(
      new Option('--kind <kind>', 'of which states it must be true')
        .choices(['always', 'finally', 'sometimes', 'eventually'])
        .default('always'),
    )
    .action((name: string, { kind }: Partial<NewPropertyRequest>) =>
      ending(import('../command/new.ts').then(({ newProperty }) => newProperty({ name, kind: kind! }, terminal))),
    );
};
