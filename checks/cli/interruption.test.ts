import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { askedUntil, ended, fileOf, scratch, start } from './command.ts';
import { calm, endless } from './scenarios.ts';

describe('Ctrl-C in the middle of a long run', () => {
  it('ends it with how far it got, and with nothing half written', async () => {
    const directory = scratch();
    const child = start([
      'check',
      fileOf(endless),
      fileOf(calm, 'calm.json'),
      '--design',
      'upstream',
      '--json',
      '--workers',
      '1',
      '--out',
      directory,
    ]);
    const run = ended(child);
    // A file is told every 15 seconds how far it is; then there is something to interrupt.
    while (!/own on upstream: [\d,]+ states/.test(String((await once(child.stderr, 'data'))[0])));
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, out, err } = await run;
    expect(performance.now() - asked).toBeLessThan(20_000);
    expect(code).toBe(2);
    expect(err).toContain('Stopping');
    const [stopped, notBegun] = (JSON.parse(out) as { results: { verdict: string; message: string; states: number }[] })
      .results;
    expect(stopped).toMatchObject({ verdict: 'unknown', message: expect.stringContaining('interrupted') });
    expect(stopped!.states).toBeGreaterThan(1_000);
    expect(notBegun).toMatchObject({ verdict: 'unknown', message: 'interrupted before it began', states: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is one Ctrl-C also when it comes twice, as it does through npm', async () => {
    const child = start(['check', fileOf(endless), '--design', 'upstream']);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    child.kill('SIGINT');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect({ code, signal }).toEqual({ code: 2, signal: null });
  });
});

describe('what else takes long', () => {
  it.each([
    ['diff', ['diff', 'packet-rmhook', 'hub', '--seconds', '60'], /packet-rmhook: [\d,]+ runs, [\d,]+ accesses/],
    [
      'diff --mode exhaustive',
      ['diff', 'packet-rmhook', 'hub', '--mode', 'exhaustive', '--no-fuse', '--seconds', '60'],
      /packet-rmhook: [\d,]+ states, [\d,]+ accesses/,
    ],
    ['export', ['export', 'pair-send-rmhook', '--design', 'upstream'], /pair-send-rmhook on upstream: [\d,]+ states/],
  ])('%s says how far it is when it is asked, and ends when it is told to', async (_, words, progress) => {
    const child = start(words);
    const run = ended(child);
    await askedUntil(child, progress);
    child.kill('SIGINT');
    const { code, out, err } = await run;
    expect(out + err).toMatch(/the run was interrupted/);
    expect(err).toContain('Stopping');
    expect(code).toBe(2);
  });

  it('replay says what it has not walked', async () => {
    const files = readdirSync('counterexamples')
      .filter((file) => file.endsWith('.json'))
      .map((file) => `counterexamples/${file}`);
    const child = start(['replay', ...files]);
    const run = ended(child);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, err } = await run;
    expect(err).toMatch(/^Interrupted, so not walked: \d+ saved runs\.$/m);
    expect(code).toBe(2);
  });
});

describe('a gate that is interrupted', () => {
  it('says what it has not decided, and not that it is other than expected', async () => {
    const child = start(['gate', '--design', 'lockfree', '--within', '3000', '--no-cache', '--workers', '1']);
    const run = ended(child);
    while (!/holds/.test(String((await once(child.stdout, 'data'))[0])));
    child.kill('SIGINT');
    const { code, out } = await run;
    expect(out).toMatch(/^Interrupted, so not decided: \d+ pairs\.$/m);
    expect(out).toMatch(/^The gate was interrupted: [1-9]\d* of \d+ verdicts /m);
    expect(out.toLowerCase()).not.toContain('not as expected');
    expect(code).toBe(2);
  });
});

describe('a gate that is interrupted while saved runs are walked', () => {
  it('calls those that were not walked open, wherever the score is kept', async () => {
    const directory = scratch();
    const [junit, sarif] = [join(directory, 'junit.xml'), join(directory, 'gate.sarif')];
    // Verdicts are kept by the first gate; what takes long in the second are the walks, if they are many.
    const many = ['ether-detach', 'path-hop', 'socket-close', 'source-shutdown', 'teardown-shutdown'];
    const words = ['gate', ...many, '--within', '100000', '--workers', '1'];
    await ended(start(words));
    const child = start([...words, '--tap', '--junit', junit, '--sarif', sarif]);
    const run = ended(child);
    await askedUntil(child, / of \d+ saved runs walked/);
    child.kill('SIGINT');
    const { code, out } = await run;
    expect(code).toBe(2);
    expect(out).toMatch(/^not ok \d+ - counterexamples/m);
    expect(out).toMatch(/^# Interrupted, so not walked: [1-9]\d* saved runs?\.$/m);
    expect(out).toMatch(/^Bail out! It was interrupted\.$/m);
    expect(readFileSync(junit, 'utf8')).toMatch(/<testsuite name="saved runs" tests="\d+" failures="0" errors="[1-9]/);
    expect(JSON.parse(readFileSync(sarif, 'utf8'))).toMatchObject({
      runs: [{ invocations: [{ executionSuccessful: false }] }],
    });
  });
});

describe('a budget', () => {
  it.each([
    ['--max-states', '5000', /5,000 states/],
    ['--timeout', '0.5', /0\.5 s/],
  ])('%s ends in unknown, exit code 2', async (option, value, reason) => {
    const { code, out } = await ended(start(['check', fileOf(endless), '--design', 'upstream', option, value]));
    expect(out).toMatch(/own +upstream +unknown/);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(reason);
    expect(code).toBe(2);
  });
});
