import { Option, type Command } from 'commander';
import { Complaint } from '../complaint.ts';
import type { Host } from './host.ts';

type ReplayOptions = {
  readonly html?: string;
  readonly json?: boolean;
  readonly step?: boolean;
  readonly on: 'spec' | 'implementation' | 'threads';
};

export const replayOptions = (program: Command, { ask, ending, interruptible, terminal }: Host): void => {
  program
    .command('replay')
    .description('walk saved runs again on the specification as it is today')
    .argument('<file...>', 'saved counterexamples')
    .option('--html <directory>', 'write each run as a page there, and index.html')
    .addOption(
      new Option('--on <what>', 'the specification, or the library src/netgraph: stopped at each access, or on threads')
        .choices(['spec', 'implementation', 'threads'])
        .default('spec'),
    )
    .option('--json', 'print one JSON object')
    .addOption(new Option('--step', 'walk through one of them, step by step').conflicts(['json', 'html']))
    .action((files: string[], { json, html, step, on }: ReplayOptions) => {
      if (on !== 'spec') {
        if (html !== undefined || step === true)
          throw new Complaint('--html and --step are for runs on the specification.');
        const request = { files, on, json: json === true };
        return ending(
          import('../command/replay/realised.ts').then(({ replayOnLibrary }) => replayOnLibrary(request, terminal)),
        );
      }
      return ending(
        import('../command/replay/replay.ts').then(({ replay, replaySteps }) =>
          step === true
            ? replaySteps(files, terminal, ask)
            : replay(
                { files, json: json === true, ...(html === undefined ? {} : { html }) },
                terminal,
                interruptible(),
              ),
        ),
      );
    });
};
