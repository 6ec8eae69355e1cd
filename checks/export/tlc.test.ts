import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, scratch } from '../cli/command.ts';
import { exportTo, has, kindsOf, models, numberIn, optionsOf } from './judge.ts';

/**
 * TLC on what is exported in TLA+. Its jar is in no registry, so it is asked only where TLA2TOOLS names a tla2tools.jar; elsewhere this is
 * skipped, and shown as skipped.
 */
const jar = process.env.TLA2TOOLS ?? '';
const hasTlc = existsSync(jar) && has('java', '-version');

describe('what is exported to TLC', () => {
  it.skipIf(!hasTlc).each(models)('has the same states and errors there: $scenario on $design', async (model) => {
    const { ofStates, ofSteps } = model;
    const { directory, states, transitions, wrong } = await exportTo('model.tla', ...optionsOf(model), '--to', 'tla');
    const { stdout } = spawnSync('java', ['-cp', jar, 'tlc2.TLC', '-workers', '1', '-continue', 'model'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(numberIn(stdout, /, (\d+) distinct states found, 0 states left on queue/)).toBe(states);
    // The initial state is generated too.
    expect(numberIn(stdout, /(\d+) states generated, \d+ distinct states found, 0 states left/)).toBe(transitions + 1);
    const broken = new Set([...stdout.matchAll(/Invariant (\w+) is violated/g)].map(([, name]) => name!));
    expect(broken.delete('NoStepFails')).toBe(ofSteps);
    const named = ofStates.map((each) => (each === 'deadlock' ? 'NoDeadlock' : each.replaceAll('-', '_')));
    // Of one state TLC tells the first invariant that does not hold.
    expect(named).toEqual(expect.arrayContaining([...broken]));
    expect(broken.size > 0).toBe(named.length > 0);
    expect(kindsOf(wrong)).toEqual({ ofStates, ofSteps });
  });
});

describe('a module of TLA+', () => {
  const asked = ['export', 'mkpeer-refused', '--design', 'upstream', '--to', 'tla'];

  it('has the name of its file, and what TLC is told beside it', async () => {
    const { directory, states, transitions, wrong } = await exportTo('My_model.tla', ...asked.slice(1));
    expect([states, transitions, wrong]).toEqual([42, 41, ['closing-as-writer']]);
    const text = readFileSync(join(directory, 'My_model.tla'), 'utf8');
    expect(text).toMatch(/^---- MODULE My_model ----\n\\\* mkpeer-refused on upstream, written by netgraph-mc export/);
    expect(text).toContain('finds 42 distinct states, and generates 42, with the initial one.');
    const cfg = readFileSync(join(directory, 'My_model.cfg'), 'utf8');
    expect(cfg).toContain('INVARIANTS NoStepFails NoDeadlock closing_as_writer\n');
  });

  it('that is printed says at its head what TLC is told', async () => {
    const { code, out } = await run(...asked);
    expect(code).toBe(0);
    expect(out).toMatch(/^---- MODULE mkpeer_refused_on_upstream ----\n/);
    expect(out).toContain('\\* NAME.cfg:\n\\* INIT Init\n');
  });

  it('is not written to a file whose name a module cannot have', async () => {
    const { code, err } = await run(...asked, '--output', join(scratch(), 'my-model.tla'));
    expect(code).toBe(3);
    expect(err).toMatch(/my-model\.tla: a module of TLA\+ has the name of its file/);
  });
});
