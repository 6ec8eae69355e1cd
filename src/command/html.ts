import { basename, join } from 'node:path';
import { stem } from '../counterexample/file.ts';
import { usualModel } from '../explore/model.ts';
import type { Trace, Verdict } from '../explore/verdict.ts';
import { claimsMade } from '../../spec/properties.ts';
import { counted } from '../report/number.ts';
import { titleOf } from '../report/title.ts';
import { save, type Document } from '../saving.ts';
import { shown } from '../suite.ts';
import { contentsPage, type Entry } from '../viewer/contents.ts';
import { programsOf } from '../viewer/programs.ts';
import { pageOfRun } from '../viewer/run.ts';
import { readScenario } from './catalogue.ts';
import { worldOf, type Job } from './job.ts';
import { meaningOf } from './meaning.ts';
import { walkToday, type Rerun } from './rerun.ts';
import type { Trial } from './trial.ts';

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

  /** Pages of the runs that a verdict shows. `expected`: null where nobody has said what it should be. */
  addVerdict({ job, verdict }: Trial, expected: boolean | null = null): void {
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
    if (pages.length === 0) this.#list('Verdicts', { ...entry, message: aboutOf(verdict), page: null });
    else
      pages.forEach((page, i) =>
        this.#list('Verdicts', { ...entry, message: `${runs[i]!.property}: ${runs[i]!.message}`, page }),
      );
  }

  /** The page of a saved run, as far as it can be walked today. */
  addRerun({ file, counterexample, replay, asExpected }: Rerun): void {
    const { scenario, design, property } = counterexample;
    const title = titleOf({ name: scenario.name, design: design.name, off: design.off });
    const { world, claims } = walkToday(file, counterexample);
    const fails = replay.outcome === 'still fails' || replay.outcome === 'fails differently';
    const page = world === null || replay.trace === null ? null : this.#free(basename(file).replace(/(\.json)?$/, ''));
    if (page !== null) {
      const subject = {
        title,
        description: readScenario(scenario.definition, file).description,
        programs: programsOf(readScenario(scenario.definition, file)),
        headline: fails ? replay.reason : `The saved run is ${replay.outcome}: ${replay.reason}`,
        broken: fails ? { property, claim: meaningOf(property) } : null,
        circle: null,
        command: `netgraph-mc replay ${file}`,
      };
      this.#write(page, pageOfRun({ world: world!, claims, options: usualModel }, subject, replay.trace!));
    }
    const verdict = `${replay.outcome}, ${asExpected ? 'as expected' : 'not as expected'}`;
    this.#list('Saved runs', { title, good: asExpected, verdict, message: `${property}: ${replay.reason}`, page });
  }

  /** Writes the index; returns its path. */
  close(headline: string): string {
    this.#write('index.html', contentsPage(headline, Object.fromEntries(this.#groups)));
    return shown(join(this.#directory, 'index.html'));
  }

  #verdictPage(job: Job, property: string, message: string, trace: Trace | null): string | null {
    if (trace === null) return null;
    const { name, scenario, design, off, quotient, fuse, conduct } = job;
    const page = this.#free(
      stem({ scenario: { name, definition: {} }, design: { name: design, off: [...off], switches: {} }, property }),
    );
    const subject = {
      title: titleOf(job),
      description: scenario.description,
      programs: programsOf(scenario),
      headline: message,
      broken: { property, claim: meaningOf(property) },
      circle: trace.circle,
      command: null,
    };
    const setting = { world: worldOf(job), claims: claimsMade(scenario, conduct), options: { quotient, fuse } };
    this.#write(page, pageOfRun(setting, subject, trace));
    return page;
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
    const document: Document = { path: join(this.#directory, name), text };
    save([document]);
  }
}

const aboutOf = ({ verdict, property, message, states }: Verdict): string =>
  verdict === 'holds' ? counted(states, 'state') : property === null ? message : `${property}: ${message}`;
