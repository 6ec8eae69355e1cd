import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../explore/search/verdict.ts';
import { save } from '../saving.ts';
import { digest } from './parts.ts';
import type { Ground } from './ground.ts';

/**
 * Verdicts that need not be found again. A verdict is kept with all that it depends on: the scenario and the switches name its
 * file; the ground, and each procedure that its automata reach, must hash to what they did. A procedure that is not reached cannot have mattered,
 * for the automata have everything that any interleaving calls, closed beforehand or by need. What is unknown is never kept.
 */
export class VerdictCache {
  readonly #directory: string;
  readonly #ground: Ground;

  constructor(directory: string, ground: Ground) {
    this.#directory = directory;
    this.#ground = ground;
  }

  /** `question`: all that the verdict depends on beside the sources, as plain data. Null when it has to be found. */
  find(question: object): Verdict | null {
    const kept = this.#read(question);
    if (kept === null || kept.ground !== this.#ground.hash) return null;
    const now = this.#ground.hashesOf(Object.keys(kept.procedures));
    if (Object.entries(kept.procedures).some(([name, hash]) => now[name] !== hash)) return null;
    return JSON.parse(this.#ground.lines(JSON.stringify(kept.verdict))) as Verdict;
  }

  keep(question: object, verdict: Verdict): void {
    if (verdict.verdict === 'unknown') return;
    const kept: Kept = {
      form: FORM,
      ground: this.#ground.hash,
      procedures: this.#ground.hashesOf(verdict.procedures),
      verdict: JSON.parse(this.#ground.fixed(JSON.stringify(verdict))) as Verdict,
    };
    save([{ path: this.#path(question), text: `${JSON.stringify(kept)}\n` }]);
  }

  /** A file that is no verdict of ours, or was cut off, is none: it will be written again. */
  #read(question: object): Kept | null {
    const path = this.#path(question);
    if (!existsSync(path)) return null;
    try {
      const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
      return kept.form === FORM ? kept : null;
    } catch {
      return null;
    }
  }

  #path(question: object): string {
    return join(this.#directory, `${digest(JSON.stringify(question))}.json`);
  }
}

/** Grows when a verdict gets another form. */
const FORM = 1;

type Kept = {
  readonly form: number;
  readonly ground: string;
  readonly procedures: Readonly<Record<string, string>>;
  readonly verdict: Verdict;
};
