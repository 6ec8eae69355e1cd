import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Each procedure of the specification has its lines of the C, stands in the table of spec/README.md under its file, and has no
 * access that claims to be a line of elsewhere. What is ours and not the C's is listed here, with nothing of the C in it.
 */
const spec = join(import.meta.dirname, '../../spec');
const text = (file: string): string => readFileSync(join(spec, file), 'utf8');

const ours: Readonly<Record<string, string>> = {
  comes: 'a ghost: who applies items',
  goes: 'a ghost: who applies items',
  note: 'a ghost: in which order packets came',
  stamp: 'a ghost: in which order packets were sent',
  changes: 'a ghost: who changes the list of a node',
  bearer: 'an observer of the name hash',
  leaves: 'a frame is out of netgraph, which ends the model',
  noMemory: 'a constructor that fails',
  message: 'what a CPU is told to do',
  program: 'what a CPU is told to do',
  undoPart: 'lockfree: what is left of a link that cannot be made',
  isDoomed: 'lockfree: whether a node has been told to die meanwhile',
  awaitPackets: 'lockfree: NET_EPOCH_WAIT in ng_detach_common',
  isWaited: 'lockfree: an epoch callback',
  ng_socket_kill_priv: 'lockfree: an epoch callback',
  ...Object.fromEntries(
    [
      'ng_hub', 'ng_patch', 'ng_tee', 'ng_one2many', 'ng_nat', 'ng_ether', 'ng_source',
    ].map((type) => [`${type}_nodefree`, 'lockfree: a method of the type']),
  ), // prettier-ignore
  ...Object.fromEntries(
    ['ngh', 'ngs', 'ng_ipfw'].map((type) => [`${type}_hookfree`, 'lockfree: a method of the type']),
  ),
};

/** The text of a procedure, up to the end of its statement. */
const bodyAt = (code: string, from: number, next = code.length): string => {
  const text = code.slice(from, next);
  const end = text.search(/^ *\}?\);$/m);
  return end < 0 ? text : text.slice(0, end);
};

type Lines = { readonly file: string; readonly ranges: readonly (readonly [number, number])[] };
type Listed = { readonly name: string; readonly file: string; readonly source: string; readonly body: string };

const procedures: readonly Listed[] = readdirSync(spec)
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => {
    const code = text(file);
    const heads = [...code.matchAll(/\bprocedure\(\s*'([^']*)',\s*function (\w+)/g)];
    expect(heads.length, `${file}: procedures that say where they are from`).toBe(
      [...code.matchAll(/\bprocedure\(/g)].length,
    );
    return heads.map(({ index, 1: source, 2: name }, i) => ({
      name: name!,
      file,
      source: source!,
      // Plain functions between two procedures are parts of one or several; their lines are looked at by nobody here.
      body: bodyAt(code, index, heads[i + 1]?.index),
    }));
  });

/** `ng_base.c:693, 916-920`, or `693, 916-920` of the file that is given. */
const linesOf = (source: string, file = ''): Lines | null => {
  const parts = /^(?:([\w.]+\.[ch]):)?(\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)$/.exec(source);
  if (parts === null) return null;
  const ranges = parts[2]!.split(', ').map((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return [from!, to!] as const;
  });
  return { file: parts[1] ?? file, ranges };
};

const within = (line: number, { ranges }: Lines): boolean => ranges.some(([from, to]) => from <= line && line <= to);

/** The C lines that README.md names for a file of the specification. */
const tabled = (file: string): readonly Lines[] =>
  [...text('README.md').matchAll(/^\| .* \| ([^|]*[^ |]) +\| `([\w.]+)` +\|$/gm)]
    .filter(([, , named]) => named === file)
    .flatMap(([, cell]) => cell!.split(/[,;] (?=[\w.]+\.[ch]:)/).map((part) => linesOf(part, 'ng_base.c')))
    .filter((lines) => lines !== null);

describe.each(procedures.filter(({ name }) => !(name in ours)))('$name ($file)', ({ name, file, source, body }) => {
  const lines = linesOf(source);

  it('says which lines of the C it is', () => {
    expect(lines, source).not.toBeNull();
  });

  it('has no access that is a line of elsewhere', () => {
    const cited = [...body.matchAll(/\/\/ (\d[\d, -]*)$/gm)].flatMap(([, numbers]) => numbers!.match(/\d+/g)!);
    expect(
      cited.filter((line) => !within(Number(line), lines!)),
      `${name} is ${source}`,
    ).toEqual([]);
  });

  it('stands in the table of spec/README.md', () => {
    const rows = tabled(file).filter((row) => row.file === lines!.file);
    for (const [from, to] of lines!.ranges)
      expect(
        rows.some((row) => within(from, row) && within(to, row)),
        `${source}, in a row of ${file}`,
      ).toBe(true);
  });
});

describe('what is ours and not of the C', () => {
  it.each(Object.keys(ours))('%s has no line of the C, and is there', (name) => {
    const found = procedures.filter((procedure) => procedure.name === name);
    expect(found.length).toBeGreaterThan(0);
    for (const { source } of found) expect(source).toBe('');
  });
});
