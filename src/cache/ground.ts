import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, essentialLines, partsOf, REST, type Parts } from './parts.ts';

/** The sources as they are now: what verdicts that were kept are held against. */
export class Ground {
  /** SHA-256 of all that every verdict depends on: the engine, and the specification without its procedures. */
  readonly hash: string;
  readonly #files = new Map<string, Parts>();
  readonly #procedures = new Map<string, string>();

  /** `root`: the project. Designs are no part of the ground: what a verdict has of them are the switches that are on. */
  constructor(root: string) {
    const sources = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).toSorted();
    const read = (path: string): string => readFileSync(join(root, path), 'utf8');
    const rest: string[] = [];
    for (const path of sources('spec/**/*.ts')) {
      const parts = partsOf(read(path));
      this.#files.set(path, parts);
      if (path !== 'spec/designs.ts') rest.push(`${path} ${parts.hashes.get(REST)}`);
      // Two procedures of one name are one: whoever reaches either depends on both.
      for (const [name, hash] of parts.hashes)
        if (name !== REST) this.#procedures.set(name, digest(`${this.#procedures.get(name) ?? ''} ${path} ${hash}`));
    }
    const engine = ['src/machine/**/*.ts', 'src/explore/**/*.ts', 'src/command/jobs/{hand,job,thread}.ts'].flatMap(
      sources,
    );
    for (const path of engine)
      rest.push(
        essentialLines(read(path))
          .filter((line) => line !== '')
          .join('\n'),
      );
    this.hash = digest(rest.join('\n'));
  }

  /** The hashes of those of these procedures that stand in the specification; the others are of the ground. */
  hashesOf(procedures: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(
      procedures.flatMap((name) => (this.#procedures.has(name) ? [[name, this.#procedures.get(name)!]] : [])),
    );
  }

  /** Lines of the specification within a text, `spec/hook.ts:41`, as places that stay what they are when lines move. */
  fixed(text: string): string {
    return text.replaceAll(/\b(spec\/[\w/]+\.ts):(\d+)/g, (line, path: string, number: string) => {
      const place = this.#files.get(path)?.places[Number(number) - 1];
      return place == null ? line : `${path}#${place.part}+${place.nth}`;
    });
  }

  /** The way back: such places as the lines of today. */
  lines(text: string): string {
    return text.replaceAll(/\b(spec\/[\w/]+\.ts)#(\w*)\+(\d+)/g, (_, path: string, part: string, nth: string) => {
      const line = this.#files
        .get(path)!
        .places.findIndex((place) => place?.part === part && place.nth === Number(nth));
      return `${path}:${line + 1}`;
    });
  }
}
