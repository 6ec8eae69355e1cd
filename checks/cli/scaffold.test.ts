import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioSchema } from '../../spec/scenario.ts';
import { readJson } from '../../src/reading.ts';
import { copyOfSuite, ended, start, type Run } from './command.ts';

const root = join(import.meta.dirname, '../..');
const base = join(root, 'spec/scenarios/packet-rmhook.json');

describe('new', () => {
  const copy = copyOfSuite({});
  cpSync(base, join(copy, 'spec/scenarios/packet-rmhook.json'));
  cpSync(join(root, '.prettierrc.json'), join(copy, '.prettierrc.json'));
  const compiling = readJson(join(root, 'tsconfig.json')) as Record<string, unknown>;
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...compiling, include: ['src', 'spec'] }));
  const run = (...args: readonly string[]): Promise<Run> => ended(start(args, copy));
  const text = (path: string): string => readFileSync(join(copy, path), 'utf8');
  const tool = (name: string, ...args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', name), ...args], { cwd: copy });
    return `${stdout}${stderr}`;
  };

  it('design writes one that does what the other does, until its switch is asked for', async () => {
    const made = await run('new', 'design', 'mine', '--switch', 'gate-is-broken', '--off', 'data-outside-gate');
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(made.out).toContain('written: spec/designs.ts\n');
    expect(text('spec/designs.ts')).toContain(`'data-outside-gate': false,\n      'gate-is-broken': true,`);
    const check = ['check', 'packet-rmhook', '--json', '--design'];
    const counts = async (...args: readonly string[]) => {
      const { verdict, states } = JSON.parse((await run(...check, ...args)).out).results[0];
      return { verdict, states };
    };
    const same = await counts('lockfree', '--off', 'data-outside-gate');
    expect(await counts('mine')).toEqual(same);

    expect((await run('list')).out).toContain('gate-is-broken');
    expect((await run('explain', 'mine')).out).toContain('say here what is different');
  });

  it('design can be asked for twice, and each has an own name', async () => {
    expect((await run('new', 'design', 'other', '--from', 'gsoc23')).code).toBe(0);
    expect(text('spec/designs.ts')).toContain('...published.gsoc23.switches,');
    const again = await run('new', 'design', 'other');
    expect(again).toMatchObject({ code: 3, out: '' });
    expect(again.err).toBe('There is a design "other" already; spec/designs.ts has it.\n');
    const from = await run('new', 'design', 'third', '--from', 'other');
    expect(from.code).toBe(3);
    expect(from.err).toContain('is of your own');
    expect((await run('new', 'design', 'Third one')).err).toContain('is no name');
    expect((await run('new', 'design', 'third', '--switch', 'gate')).err).toContain('There is a switch "gate" already');
    expect(text('spec/designs.ts')).not.toContain('  third: {');
  });

  it('scenario writes one that can be checked, and nothing over another', async () => {
    expect((await run('new', 'scenario', 'mine')).out).toContain('written: spec/scenarios/mine.json\n');
    const { $schema, description, ...rest } = readJson(join(copy, 'spec/scenarios/mine.json')) as Record<
      string,
      unknown
    >;
    expect(existsSync(join(copy, 'spec/scenarios', $schema as string))).toBe(true);
    expect(description).toContain('As packet-rmhook;');
    expect({ ...rest, description: '' }).toEqual({ ...(readJson(base) as object), description: '' });
    expect((await run('check', 'mine', '--design', 'lockfree')).code).toBe(0);
    expect((await run('new', 'scenario', 'used', '--from', 'packet-rmhook+reuse')).err).toContain('"reuse": true');
    expect((await run('new', 'scenario', 'a/.json')).code).toBe(3);
    expect(await run('new', 'scenario', 'mine')).toMatchObject({
      code: 3,
      err: 'spec/scenarios/mine.json is there already, and stays as it is.\n',
    });
  });

  it('property writes one that is broken until it is written', async () => {
    const made = await run('new', 'property', 'no-stale-peer');
    expect(made.out).toContain('written: spec/claims/noStalePeer.ts\nwritten: spec/properties.ts\n');
    const broken = await run('check', 'packet-rmhook', '--design', 'lockfree', '--json');
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out).results[0]).toMatchObject({ property: 'no-stale-peer' });
    expect((await run('new', 'property', 'no-leak')).err).toContain('There is a property "no-leak" already');
    expect((await run('new', 'property', 'all', '--kind', 'now')).code).toBe(3);
    for (const taken of ['in', 'properties', 'first-of', 'view', 'refs-match'])
      expect(await run('new', 'property', taken)).toMatchObject({ code: 3, out: '' });
    expect((await run('list')).code).toBe(0);
  });

  it('writes what the compiler and the formatter have nothing to say about', () => {
    expect(tool('typescript/bin/tsc', '--noEmit', '-p', '.')).toBe('');
    const files = ['spec/designs.ts', 'spec/properties.ts', 'spec/claims/noStalePeer.ts', 'spec/scenarios/mine.json'];
    expect(tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', ...files)).toBe('');
  });

  it('knows the schema of scenarios as it would be written today', () => {
    const written = JSON.parse(readFileSync(join(root, 'spec/scenario.schema.json'), 'utf8'));
    expect(written).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      ...JSON.parse(JSON.stringify(scenarioSchema)),
    });
  });
});
