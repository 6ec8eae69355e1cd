import { Option, type Command } from 'commander';
import type { CheckRequest } from '../command/check.ts';

/** What programs that keep the score are told: options of every command that judges. */
export const publishing = (command: Command): Command =>
  command
    .option('--junit <file>', 'write the score there as JUnit XML')
    .option('--sarif <file>', 'write what is violated or unknown there as SARIF 2.1.0, each with its run')
    .option('--github', 'annotate the lines of the specification (default: where GITHUB_ACTIONS is true)')
    .option('--no-github', 'do not')
    .addOption(new Option('--json', 'print one JSON object').conflicts(['tap', 'ndjson']))
    .addOption(new Option('--ndjson', 'print a line of JSON for each thing as it happens').conflicts('tap'))
    .option('--tap', 'print it as the Test Anything Protocol, for kyua and prove');

type Published = Pick<CheckRequest, 'github' | 'tap' | 'ndjson' | 'json'>;

/** What of it was asked for. */
export const published = ({ github, tap, ndjson, json }: Partial<Published>, onGitHub: boolean): Published => ({
  github: github ?? onGitHub,
  tap: tap === true,
  ndjson: ndjson === true,
  json: json === true,
});
