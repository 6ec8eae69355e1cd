import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { checkOptions } from './check.ts';
import { dataOptions } from './data.ts';
import { diffOptions } from './diff.ts';
import { doctorOptions } from './doctor.ts';
import { explainOptions } from './explain.ts';
import { exploreOptions } from './explore.ts';
import { exportOptions } from './export.ts';
import { findingsOptions } from './findings.ts';
import { gateOptions } from './gate.ts';
import { listOptions } from './list.ts';
import { manualOptions } from './manual.ts';
import { matrixOptions } from './matrix.ts';
import { minimizeOptions } from './minimize.ts';
import { newOptions } from './new.ts';
import { replayOptions } from './replay.ts';
import { surveyOptions } from './survey.ts';
import type { Host } from './host.ts';

/**
 * The command line: what each command is called, what it is given and what it calls. What a command needs is loaded when it is called, so
 * that `--help` and a mistyped option are answered at once.
 */
export const commandLine = (host: Host): Command => {
  const program = new Command('netgraph-mc')
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({ getOutHelpWidth: () => host.terminal.columns, getErrHelpWidth: () => host.terminal.columns })
    .addHelpText(
      'after',
      `
Completion: netgraph-mc complete bash (or zsh, fish) prints a script for the shell

Exit codes: 0 holds, or all as expected; 1 violated, or not as expected; 2 unknown;
            3 bad input; 70 a bug of this program`,
    );
  for (const declare of commands) declare(program, host);
  return program;
};

/** In the order in which they are listed. */
const commands = [
  gateOptions,
  checkOptions,
  surveyOptions,
  matrixOptions,
  dataOptions,
  findingsOptions,
  replayOptions,
  diffOptions,
  exportOptions,
  exploreOptions,
  minimizeOptions,
  listOptions,
  newOptions,
  explainOptions,
  doctorOptions,
  manualOptions,
];
