import { basename, join } from 'node:path';
import { stem } from '../../counterexample/file.ts';
import type { Trace, Verdict } from '../../explore/search/verdict.ts';
import { counted } from '../../report/number.ts';
import { titleOf } from '../../report/title.ts';
import { save } from '../../saving.ts';
import { shown } from '../../suite.ts';
import { contentsPage, type Entry } from '../../viewer/contents.ts';
import { pageOfRun } from '../../viewer/run.ts';
import { differenceText } from '../gate/baseline.ts';
import type { Comparison } from '../gate/comparison.ts';
import type { Job } from '../jobs/job.ts';
import type { Rerun } from './rerun.ts';
import { tellingOfFailure, tellingOfRerun, type Telling } from './telling.ts';
import type { Trial } from '../jobs/trial.ts';

/**
 * `--html DIRECTORY`: each run as a page of its own, and `index.html` from which they are reached. A page is written as soon as it is
 * made, so that a long command that is interrupted leaves what it had.
 */
export class Exhibition {
  readonly #directory: string;
  readonly #groups = new Map<string, Entry[]>();
  readonly #taken = new Set<string>(['index.html']);

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Pages of the runs that a verdict shows. `expected`: null where nobody has said what it should be; `differences` say what it should be. */
  addVerdict(
    { job, verdict, differences = [] }: Trial & Partial<Pick<Comparison, 'differences'>>,
    expected: boolean | null = null,
  ): void {
    const runs =
      verdict.failures ??
      (verdict.trace === null || verdict.property === null ? [] : [{ ...verdict, property: verdict.property }]);
    const pages =
      expected === true
        ? []
        : runs.map(({ property, message, trace }) => this.#verdictPage(job, property, message, trace));
    const said =
      expected === null ? verdict.verdict : `${verdict.verdict}, ${expected ? 'as expected' : 'not as expected'}`;
    const entry = { title: titleOf(job), good: expected ?? verdict.verdict === 'holds', verdict: said };
    const list = (message: string, page: string | null): void =>
      this.#list('Verdicts', { ...entry, message: [...differences.map(differenceText), message].join('; '), page });
    if (pages.length === 0) list(aboutOf(verdict), null);
    else pages.forEach((page, i) => list(`${runs[i]!.property}: ${runs[i]!.message}`, page));
  }

  /** The page of a saved run, as far as it can be walked today. */
  addRerun(done: Rerun): void {
    const { file, counterexample, replay, asExpected } = done;
    const { scenario, design, property } = counterexample;
    const telling = tellingOfRerun(done);
    this.#list('Saved runs', {
      title: titleOf({ name: scenario.name, design: design.name, off: design.off }),
      good: asExpected,
      verdict: `${replay.outcome}, ${asExpected ? 'as expected' : 'not as expected'}`,
      message: `${property}: ${replay.reason}`,
      page: telling === null ? null : this.#page(basename(file).replace(/(\.json)?$/, ''), telling),
    });
  }

  /** Writes the index; returns its path. */
  close(headline: string): string {
    this.#write('index.html', contentsPage(headline, Object.fromEntries(this.#groups)));
    return shown(join(this.#directory, 'index.html'));
  }

  #verdictPage(job: Job, property: string, message: string, trace: Trace | null): string | null {
    if (trace === null) return null;
    const { name, design, off } = job;
    const wanted = stem({
      scenario: { name, definition: {} },
      design: { name: design, off: [...off], switches: {} },
      property,
    });
    return this.#page(wanted, tellingOfFailure(job, property, message, trace));
  }

  /** Writes the page of a run; returns the name of its file. */
  #page(wanted: string, { setting, subject, trace }: Telling): string {
    const name = this.#free(wanted);
    this.#write(name, pageOfRun(setting, subject, trace));
    return name;
  }

  /** A name that no other page of this command has. */
  #free(wanted: string): string {
    for (let i = 1; ; i++) {
      const name = `${wanted}${i === 1 ? '' : `-${i}`}.html`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }

  #list(group: string, entry: Entry): void {
    this.#groups.set(group, [...(this.#groups.get(group) ?? []), entry]);
  }

  #write(name: string, text: string): void {
    save([{ path: join(this.#directory, name), text }]);
  }
}

const aboutOf = ({ verdict, property, message, states }: Verdict): string =>
  verdict === 'holds' ? counted(states, 'state') : property === null ? message : `${property}: ${message}`;
