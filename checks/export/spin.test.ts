import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, scratch } from '../cli/command.ts';
import { call, exportTo, has, numberIn } from './judge.ts';

/**
 * SPIN on what is exported. The model is written down from the tables of the automata and not from the state loop, so what SPIN counts
 * speaks about the loop, the packing of states and the search as well. Skipped where there is no spin(1) or no C compiler, and shown as skipped.
 */
/** tcc is fifty times as fast as gcc on what SPIN writes. */
const compiler = ['tcc', 'gcc', 'cc'].find((each) => has(each, '-v'));
const hasSpin = has('spin', '-V') && compiler !== undefined;

/** How many states there are, and whether something goes wrong that a model of states can say. */
const models: readonly (readonly [scenario: string, design: string, verdict: string, ...options: string[]])[] = [
  ['hub-alone', 'upstream', 'violated'],
  ['mkpeer-refused', 'upstream', 'violated'],
  ['request', 'gsoc24', 'holds'],
  ['teardown-ether', 'lockfree', 'holds'],
  ['packet-rmhook', 'lockfree', 'holds'],
  ['packet-rmhook', 'gsoc23', 'violated'],
  ['queue-stall', 'gsoc23', 'violated'],
  ['packet-rmhook', 'lockfree', 'violated', '--off', 'deferred-free'],
  ['teardown-shutdown', 'lockfree', 'violated', '--off', 'unhash-at-shutdown'],
  ['packet-rmhook', 'lockfree', 'holds', '--no-quotient'],
];

describe('what is exported to SPIN', () => {
  it.skipIf(!hasSpin).each(models)(
    'has the same states there: %s on %s, which %s',
    async (scenario, design, verdict, ...options) => {
      const { directory, states, transitions } = await exportTo('model.pml', scenario, '--design', design, ...options);
      call(directory, 'spin', '-a', 'model.pml');
      call(directory, compiler!, '-DSAFETY', '-DNOREDUCE', '-DVECTORSZ=4096', '-w', '-o', 'pan', 'pan.c', '-lm');
      const said = call(directory, './pan', '-c0', '-m1000000');
      const errors = numberIn(said, /errors: (\d+)/);
      expect(numberIn(said, /(\d+) states, stored/)).toBe(states);
      // SPIN counts the step into the initial state too, and each that fails, which leads to no other state.
      expect(numberIn(said, /(\d+) transitions/)).toBe(transitions + 1 + errors);
      expect(errors > 0 ? 'violated' : 'holds').toBe(verdict);
      expect(said).not.toContain('max search depth too small');
    },
  );
});

describe('an export', () => {
  it('says at its head what it is of, and what is to be expected', async () => {
    const { code, out } = await run('export', 'mkpeer-refused', '--design', 'upstream');
    expect(code).toBe(0);
    const head = out.slice(0, out.indexOf('*/'));
    expect(head).toContain('mkpeer-refused on upstream, written by netgraph-mc export from specification ');
    expect(head).toContain('netgraph-mc finds 42 states, 41 transitions');
    expect(head).toContain('closing-as-writer');
    expect(head).toContain('Not said here, for it is not about one state: data-delivered.');
    expect(head).toContain('spin -a FILE && ');
  });

  it('draws the graph of states with each step', async () => {
    const file = join(scratch(), 'graph.dot');
    const { code, out } = await run('export', 'hub-alone', '--design', 'upstream', '--to', 'dot', '--output', file);
    expect(code).toBe(0);
    expect(out).toContain('12 states');
    const edges = readFileSync(file, 'utf8').match(/^ {2}\d+ -> \d+ \[label=".*"\];$/gm)!;
    expect(edges).toHaveLength(11);
    expect(edges[0]).toContain('  0 -> ');
    expect(edges.join('\n')).toContain('ng_hub.c:');
  });

  it('is not made of what is too large, and that is not known to be right either', async () => {
    const { code, out, err } = await run('export', 'packet-rmhook', '--max-states', '100');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/packet-rmhook on lockfree cannot be exported: the budget of 100 states is used up/);
  });
});
