import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { findScenario } from '../../src/command/catalogue.ts';
import { copyOfSuite, ended, fileOf, run, scratch, start, type Run } from './command.ts';
import { calm, race } from './scenarios.ts';

/** Bad input: exit code 3, nothing on stdout, and one sentence that says what is wrong and where. */
const complains = async (args: readonly string[], sentence: RegExp): Promise<void> => {
  const { code, out, err } = await run(...args);
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(out).toBe('');
  expect(code).toBe(3);
};

describe('a command that cannot be carried out says why in one sentence', () => {
  it('names a scenario that is near to the one that does not exist', () =>
    complains(['check', 'both-end'], /no scenario "both-end".* Did you mean "both-ends"\?/));

  it('says of a design that it is none of the scenarios', () =>
    complains(['check', 'hub-alone', 'lockfree'], /^There is no scenario "lockfree"\. It is a design\./));

  it.each([
    [
      'is not called so',
      "given('hub-frees-message')",
      "given('hub-free-message')",
      /no design says whether "hub-free-m/,
    ],
    ['is not there', 'ng_free_item(item);', 'ng_free_itm(item);', /ReferenceError: ng_free_itm is not defined/],
    ['is no text', "'hub-frees-message'", "hub-frees-message'", /SyntaxError: /],
  ])('names the line of the specification where what it asks for %s', async (_what, right, wrong, sentence) => {
    const copy = copyOfSuite({ 'hub-alone': findScenario('hub-alone').scenario });
    const path = join(copy, 'spec/config.ts');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(right);
    writeFileSync(path, text.replace(right, wrong));
    const { code, err } = await ended(start(['check', 'hub-alone', '--design', 'lockfree'], copy));
    const line = text.slice(0, text.indexOf(right)).split('\n').length;
    expect(err).toMatch(sentence);
    expect(err.split('\n')).toEqual([expect.stringMatching(new RegExp(`^spec/config\\.ts:${line}: `)) as string, '']);
    expect(code).toBe(3);
  });

  it('names the line also in a folder whose name has spaces and parentheses, in which all else is as it is elsewhere', async () => {
    const there = join(scratch(), 'netgraph (1)');
    renameSync(copyOfSuite({ race }), there);
    const checked = await ended(start(['check', 'race', '--design', 'gsoc23', '--json'], there));
    expect(checked.out).toContain('ng_hole.c:207, spec/hole.ts:');
    expect(checked.code).toBe(1);
    appendFileSync(join(there, 'spec/hole.ts'), '\nnowhere;\n');
    expect((await ended(start(['check', 'race'], there))).err).toMatch(/^spec\/hole\.ts:\d+: ReferenceError: nowhere/);
  });

  it('names the designs when one does not exist', () =>
    complains(
      ['check', 'hub', '--design', 'gsoc32'],
      /no design "gsoc32".*"upstream", .*"gsoc23".* Did you mean "gsoc23"\?/,
    ));

  it('names the protections when one does not exist', () =>
    complains(
      ['check', 'hub', '--off', 'defered-free'],
      /"defered-free" is no protection.* Did you mean "deferred-free"\?/,
    ));

  it.each([
    '--threads 2',
    '--all-failures',
    '--fingerprints',
    '--walks 2',
    '--preemptions 1',
    '--checkpoint a',
    '--resume a',
  ])('refuses to search depth first with %s', (option) =>
    complains(['check', 'hub', '--depth-first', ...option.split(' ')], /^error: option '--depth-first' cannot be used/),
  );

  it.each(['check hub-alone --walks 2', 'survey --graph pair --walks 2', 'diff hub-alone'])(
    'refuses a seed that would be another one: %s',
    (command) =>
      complains(
        [...command.split(' '), '--seed', '4294967297'],
        /^error: .*--seed.* is invalid\. It should be less than 4,294,967,296\.$/m,
      ),
  );

  it('refuses two CPUs that use the one socket of a process', () =>
    complains(
      [
        'check',
        fileOf({
          ...calm,
          nodes: { ...calm.nodes, S: { type: 'socket' } },
          cpus: [{ run: [{ listhooks: { node: 'B', from: 'S' } }] }, { run: [{ close: { node: 'S' } }] }],
        }),
      ],
      /own\.json: \/cpus\/1\/run\/0 needs the control socket of S, which one CPU only may use\./,
    ));

  it('refuses more CPUs than it has bits for, and takes as many as that', async () => {
    const ofCpus = (cpus: number) => fileOf({ ...calm, cpus: Array(cpus - 1).fill(calm.cpus[0]), ngthreads: 1 });
    await complains(
      ['check', ofCpus(32)],
      /own\.json: \/cpus has 31 CPUs, 32 with ngthreads and the callout, but 31 in all can be explored at most\./,
    );
    expect((await run('check', ofCpus(31), '--design', 'lockfree', '--max-states', '10')).code).toBe(2);
  });

  it.each([
    ['explain no-leak --markdown', /^--markdown prints the table of all properties/],
    ['diff hub-alone --max-states 5', /^--max-states is for --mode exhaustive/],
    ['diff hub-alone --no-fuse', /^--no-fuse is for --mode exhaustive/],
    ['diff hub-alone --mode exhaustive --seed 2', /^--seed is for runs at random/],
    ['survey --random 2 --size 3', /^error: option '--random <n>' cannot be used with option '--size <n>'/],
    ['data packet-rmhook --within 5', /^--within chooses among scenarios where none is named/],
    ['data packet-rmhook --update', /^--update writes what is known of all small scenarios/],
    ['data --update --design gsoc23', /^error: option '--update' cannot be used with option '--design/],
    ['data --update --within 5', /^error: option '--update' cannot be used with option '--within/],
  ])('refuses what nobody would read: %s', (command, sentence) => complains(command.split(' '), sentence));

  it('refuses to save the runs of two scenarios under one name', async () => {
    const [one, other] = [fileOf(race, 'race.json'), fileOf(race, 'race.json')];
    await complains(['check', one, other, '--out', scratch()], /race\.json have one name, so the runs of one would be/);
  });

  it('refuses to switch off what is off', () =>
    complains(
      ['check', 'hub', '--design', 'gsoc23', '--off', 'gate'],
      /"gate" is no protection that design "gsoc23" has on/,
    ));

  it('notices a scenario that --off has swallowed', () =>
    complains(['check', '--off', 'gate', 'hub'], /"hub" is no protection.*scenarios stand before --off/));

  it('notices a scenario that --design has swallowed', () =>
    complains(['data', '--design', 'gsoc23', 'hub'], /no design "hub".*scenarios stand before --design/));

  it('has a gate for the scenarios of the suite only', async () => {
    const { code, err } = await run('gate', 'both-end');
    expect(err).toMatch(/no scenario "both-end".* Did you mean "both-ends"\?/);
    expect(code).toBe(3);
    const path = fileOf(race, 'race.json');
    const own = await run('gate', path);
    expect(own.err).toContain(`The gate is of the suite's own scenarios: "npx netgraph-mc check ${path}" explores it.`);
    expect(own.code).toBe(3);
  });

  it.each([['--walks'], ['--preemptions']])('refuses a claim of infinite runs with %s', (option) =>
    complains(['check', 'hub', '--claim', 'runs-end', option, '2'], /runs-end is about infinite runs/),
  );

  it('refuses claims of data and of runs where only fingerprints are kept', () =>
    complains(['check', 'hub', '--claim', 'runs-end', '--fingerprints'], /cannot be used with option '--claim/));

  it('refuses a disk where no memory is said, and one that is not there', async () => {
    await complains(['check', 'hub', '--disk', '/tmp'], /say how much there is with --memory/);
    await complains(['check', 'hub', '--memory', '3', '--disk', '/nowhere/at/all'], /nothing can be saved there/);
  });

  it('wants whole numbers', () => complains(['check', 'hub', '--max-states', '1.5'], /whole number/));

  it('names the option that was meant', async () => {
    const { code, err } = await run('check', '--desing', 'gsoc23');
    expect(err).toMatch(/unknown option '--desing'\n\(Did you mean --design\?\)/);
    expect(code).toBe(3);
  });
});

describe('a scenario file that is wrong is not explored', () => {
  it.each([
    [
      'names an unknown hook',
      { ...race, cpus: [{ run: [{ rmhook: { node: 'B', hook: 'c' } }] }] },
      /\/cpus\/0\/run\/0\/rmhook\/hook names hook "c", but the hooks of "B" are "b"/,
    ],
    [
      'names an unknown node',
      { ...race, cpus: [{ run: [{ send: { node: 'V' } }] }] },
      /\/cpus\/0\/run\/0\/send\/node names node "V"/,
    ],
    [
      'has an unknown operation',
      { ...race, cpus: [{ run: [{ sned: { node: 'W' } }] }] },
      /\/cpus\/0\/run\/0 has "sned".*Did you mean "send"\?/,
    ],
    ['lacks a part', { description: 'x', nodes: {} }, /lacks "links"|\/nodes/],
    ['has a part of the wrong type', { ...race, items: 'many' }, /\/items is "many", but should be an integer/],
    [
      'has an unknown type of node',
      { ...race, nodes: { W: { type: 'ifac' }, B: { type: 'hole' } } },
      /\/nodes\/W\/type is "ifac", but can only be "hole".*Did you mean "iface"\?/,
    ],
    ['has more nodes to make than there can be', { ...race, newNodes: 1e6 }, /\/newNodes must be <= 64/],
    ['has more hooks to make than there can be', { ...race, hooks: 1e6 }, /\/hooks must be <= 64/],
    ['has more tables to make than there can be', { ...race, hash: { tables: 1e6 } }, /\/hash\/tables must be <= 64/],
    ['is cut off', JSON.stringify(race).slice(0, 100), /own\.json: is cut off/],
    ['is empty', '', /own\.json: is empty/],
    ['is no JSON', '{\n "description": oops }', /own\.json: is not JSON/],
  ])('one that %s', (_what, content, sentence) => complains(['check', fileOf(content)], sentence));

  it('one that is not there', () =>
    complains(['check', './nowhere.json'], /nowhere\.json: cannot be read, there is no such file/));
  it('one that is a directory', () => complains(['check', scratch() + '/'], /cannot be read, it is a directory/));
});

describe('a saved run that is wrong is not walked', () => {
  it('one that is cut off', async () => {
    const directory = scratch();
    expect((await run('check', fileOf(race, 'race.json'), '--design', 'gsoc23', '--out', directory)).code).toBe(1);
    const [saved] = readdirSync(directory).filter((name) => name.endsWith('.json'));
    const text = readFileSync(join(directory, saved!), 'utf8');
    writeFileSync(join(directory, 'cut.json'), text.slice(0, text.length / 2));
    await complains(['replay', join(directory, 'cut.json')], /cut\.json: is cut off/);
  });
  it('one that is something else', () =>
    complains(['replay', fileOf(calm)], /own\.json: the file has "nodes", which means nothing there/));
  it('one that is not there', () => complains(['replay', 'nowhere.json'], /nowhere\.json: cannot be read/));
});

describe('a place where nothing can be saved', () => {
  it.each([
    ['a device that is always full', '/dev/full'],
    ['a directory whose parent does not exist', '/nowhere/at/all'],
    ['a file system that takes no files', '/proc/netgraph-mc'],
  ])('is refused before anything is explored: %s', (_what, place) =>
    complains(['check', fileOf(race), '--design', 'gsoc23', '--out', place], /nothing can be saved there/),
  );

  it.each([
    ['check hub-alone --junit', '/tmp'],
    ['check hub-alone --sarif', '/tmp'],
    ['export hub-alone --output', '/tmp'],
  ])('is refused before anything is explored where a directory is no file: %s %s', (command, place) =>
    complains([...command.split(' '), place], /^\/tmp: cannot be written, it is a directory\.$/m),
  );

  it('is told apart from a verdict when it is where stdout goes', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['src/cli.ts', 'list', '--json'], { stdio: ['ignore', full, 'pipe'] });
    const [[text], [code]] = await Promise.all([once(child.stderr!, 'data'), once(child, 'close')]);
    closeSync(full);
    expect(String(text)).toBe('The output could not be written (ENOSPC); the verdict is lost.\n');
    expect(code).toBe(3);
  });
});

describe('a stderr that takes nothing', () => {
  const withFullErr = async (...args: readonly string[]): Promise<Pick<Run, 'code' | 'out'>> => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['src/cli.ts', ...args], { stdio: ['ignore', 'pipe', full] });
    const [out, [code]] = await Promise.all([text(child.stdout!), once(child, 'close')]);
    closeSync(full);
    return { code: code as number, out };
  };

  it('loses what is no result, and neither verdict nor exit code', async () => {
    const { code, out } = await withFullErr('gate', 'hub-alone', '--design', 'lockfree', '--json');
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1 });
    expect(code).toBe(0);
    expect((await withFullErr('check', 'both-end')).code).toBe(3);
  });
});

describe('a node that is too old', () => {
  it('is named with the one that is needed', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"22.18.0"})';
    const child = spawn(process.execPath, ['--import', older, 'src/netgraph-mc.js', 'list']);
    const { code, out, err } = await ended(child);
    expect(err).toBe('netgraph-mc needs Node.js 24 or newer, and this is 22.18.0.\n');
    expect(out).toBe('');
    expect(code).toBe(3);
  });
});
