import manifest from '../../../package.json' with { type: 'json' };
import { annotations } from '../../report/annotation.ts';
import type { Judgement, Rewalk, Score } from '../../report/judgement.ts';
import { junitText } from '../../report/junit.ts';
import { resultOf } from '../../report/result.ts';
import { schemaVersion } from '../../schema.ts';
import { sarifText } from '../../report/sarif.ts';
import { tapText } from '../../report/tap.ts';
import type { Terminal } from '../../report/terminal.ts';
import { probeFile, save } from '../../saving.ts';
import type { ExitCode } from '../exit.ts';
import { meaningOf } from '../explain/meaning.ts';

/** What programs that keep the score are told, each in its own language. */
export type PublishingRequest = {
  /** Files to write. */
  readonly junit?: string;
  readonly sarif?: string;
  /** Workflow commands of GitHub Actions, on stderr: stdout may be a document. */
  readonly github: boolean;
  /** On stdout, in place of what people read. */
  readonly tap: boolean;
  readonly ndjson: boolean;
};

/** Whether the files can be written: asked before anything is explored. */
export const probeAll = ({ junit, sarif }: PublishingRequest): void => {
  for (const file of [junit, sarif]) if (file !== undefined) probeFile(file);
};

export const publish = (score: Score, { junit, sarif, github, tap }: PublishingRequest, terminal: Terminal): void => {
  const documents = [
    ...(junit === undefined ? [] : [{ path: junit, text: junitText(score) }]),
    ...(sarif === undefined ? [] : [{ path: sarif, text: sarifText(score, manifest.version, meaningOf) }]),
  ];
  for (const document of documents) save([document]);
  if (tap) terminal.out(tapText(score));
  if (github) for (const line of annotations(score)) terminal.err(line);
};

/** `--ndjson`: a line of JSON for each thing as it happens. */
export class Events {
  readonly #out: ((text: string) => void) | null;

  constructor({ ndjson }: PublishingRequest, { out }: Terminal) {
    this.#out = ndjson ? out : null;
  }

  start(command: string, checks: number, savedRuns: number): void {
    this.#tell('start', { schemaVersion, command, version: manifest.version, checks, savedRuns });
  }

  verdict({ job, verdict, cached, standing, differences }: Judgement): void {
    this.#tell('verdict', { standing, differences, cached, ...resultOf(job, verdict, null) });
  }

  rewalk(rewalk: Rewalk): void {
    this.#tell('saved run', rewalk);
  }

  end(exitCode: ExitCode, { leftOut, interrupted }: Pick<Score, 'leftOut' | 'interrupted'>): void {
    this.#tell('end', { exitCode, leftOut, interrupted });
  }

  #tell(event: string, what: object): void {
    this.#out?.(JSON.stringify({ event, ...what }));
  }
}
