import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOfSuite, ended, scratch, start, type Run } from '../cli/command.ts';

/** The guide of spec/README.md, done as it is written. */
const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'spec/README.md'), 'utf8').split('## Ten minutes')[1]!.split('\n## ')[0]!;
const commands = [...guide.matchAll(/^npx netgraph-mc ([^\n]*)$/gm)].map(([, args]) => args!);
const line = /^```diff\n-(.*)$/m.exec(guide)![1]!;

describe('ten minutes from a clone to a design of your own', () => {
  const copy = copyOfSuite({});
  const runs = scratch();
  const run = (args: string): Promise<Run> => ended(start(args.replaceAll('/tmp/runs', runs).split(' '), copy));
  const config = join(copy, 'spec/config.ts');
  const git = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: copy });
    expect(status, String(stderr)).toBe(0);
  };

  it('is as it says, step by step', async () => {
    for (const part of ['spec/scenarios', 'spec/baseline.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    git('init', '-q');
    git('add', 'spec', 'src');
    git('commit', '-qm', 'a clone');
    const [holds, changed, explained, fails, replayed] = commands;
    expect(commands).toHaveLength(5);

    expect((await run(holds!)).code).toBe(0);
    const text = readFileSync(config, 'utf8');
    expect(text.split(`${line}\n`)).toHaveLength(2);
    writeFileSync(config, text.replace(`${line}\n`, ''));

    const told = await run(changed!);
    expect(told.out).toContain('hub-alone on lockfree: verdict: holds → violated, property: none → no-leak\n');
    expect(told.out).toContain(
      '  no-leak: item1 is lost\n  edited, and reached by it: ng_hub_rcvmsg (spec/config.ts)\n',
    );
    const changedIn = [...told.out.matchAll(/^(\S+) on lockfree: verdict: holds → violated/gm)].map(([, name]) => name);
    expect(changedIn).toEqual(['hub-alone', 'hub-alone+reuse']);
    expect(told.code).toBe(1);

    expect((await run(explained!)).code).toBe(0);
    const failing = await run(fails!);
    expect(failing.out.replaceAll(/\s+/g, ' ')).toMatch(
      / 9 ng_hub\.c:100 .* item1\.msg: \S+ → NULL 10 .* ✗ nobody can go on: it is wrong here, at the end /,
    );
    expect(failing.out.match(/✗/g)).toHaveLength(1);
    expect(failing.code).toBe(1);

    expect((await run(replayed!)).out).toContain('still fails');
    writeFileSync(config, text);
    expect((await run(replayed!)).out).toContain(': fixed, not as expected');
  });

  it('has a word for each kind of verdict', () => {
    const words = readFileSync(join(root, 'spec/README.md'), 'utf8').split('\n## Words')[1]!.split('\n## ')[0]!;
    for (const word of ['_holds_', '_unknown_', 'counterexample']) expect(words).toContain(`| ${word}`);
  });
});
