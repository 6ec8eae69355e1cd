import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionalClaims } from '../../spec/asked.ts';
import { claims, optional } from '../../spec/properties.ts';
import { statements } from '../../spec/statements.ts';
import { assertions } from '../../src/command/explain/assertion.ts';
import { meanings } from '../../src/command/explain/meaning.ts';
import { propertiesTable } from '../../src/report/properties.ts';

/** What the C says of itself, and who watches it: nothing is left without a watcher or a reason, and nothing watched is made up. */
const spec = join(import.meta.dirname, '../../spec');
const names = new Set(meanings().map(({ name }) => name));

describe('what the C says', () => {
  it('is counted from 1 on', () => {
    const counted = (letter: string) =>
      statements.flatMap(({ number }) => (number.startsWith(letter) ? [Number(number.slice(1))] : []));
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    expect(counted('S')).toEqual([...upTo(16), ...upTo(41).slice(19)]);
    expect(counted('T')).toEqual(upTo(9));
    expect(counted('L')).toEqual(upTo(7));
    expect(new Set(statements.map(({ number }) => number)).size).toBe(statements.length);
  });

  it.each(statements)(
    '$number has a watcher or a reason, and a place in the C',
    ({ by, asserts = [], remark, where }) => {
      expect(by.length + asserts.length > 0 || remark !== undefined).toBe(true);
      expect(where.length).toBeGreaterThan(0);
      for (const place of where) expect(place).toMatch(/^\w+\.[ch]:\d+(-\d+)?$/);
    },
  );

  it.each(statements)('$number names only watchers that there are', ({ by, asserts = [] }) => {
    expect([...by, ...asserts].filter((name) => !names.has(name))).toEqual([]);
  });

  it('stands in spec/PROPERTIES.md as it would be written today', () => {
    expect(readFileSync(join(spec, 'PROPERTIES.md'), 'utf8')).toBe(`${propertiesTable(statements, meanings())}\n`);
  });
});

describe('a claim', () => {
  it('looks after something that the C says, unless it is a cover', () => {
    const idle = meanings().filter(
      ({ kind, statements: of }) => ['always', 'finally', 'eventually'].includes(kind) && of.length === 0,
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('has its numbers at its head', () => {
    const text = readdirSync(join(spec, 'claims'))
      .map((file) => readFileSync(join(spec, 'claims', file), 'utf8'))
      .join('\n');
    const heads = [
      ...text.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const \w+: Property = \{\n {2}name: '([^']+)'/g),
    ];
    expect(heads.length).toBe(claims.filter(({ kind }) => kind !== 'sometimes').length);
    for (const [, head, name] of heads) {
      const numbers = statements.flatMap(({ number, by }) => (by.includes(name!) ? [number] : []));
      for (const [number] of head!.matchAll(/\b[STL]\d+\b/g)) expect(numbers, name).toContain(number);
      expect(head, name).toMatch(/\b[STL]\d+\b/);
    }
  });

  it('has the name by which a scenario asks for it', () => {
    expect(optionalClaims.map((name) => optional[name].name)).toEqual([...optionalClaims]);
    expect(new Set(claims.map(({ name }) => name)).size).toBe(claims.length);
  });
});

describe('an assertion of the C', () => {
  it('is found wherever one stands', () => {
    const texts = readdirSync(spec)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(spec, file), 'utf8'));
    const calls = texts.flatMap((text) => [...text.matchAll(/\b(?:KASSERT|panic)\(/g)]).length;
    const places = assertions().flatMap(({ where }) => where.split(', '));
    expect(places.length).toBe(calls);
    for (const place of places) expect(place).toMatch(/^\w+\.[ch]:\d+(-\d+)?$/);
  });
});
