import { describe, expect, it } from 'vitest';
import { call, exportTo, has, numberIn } from './judge.ts';

/**
 * Rumur on what is exported in Murphi, written by other people than SPIN and with a search of its own. Skipped where there is no rumur(1) or no
 * gcc(1), and shown as skipped: its verifier needs what tcc(1) has not.
 */
const hasRumur = has('rumur', '--version') && has('gcc', '--version');

/** What goes wrong that is said of a state, and whether a step goes wrong. */
const models: readonly {
  readonly scenario: string;
  readonly design: string;
  readonly off?: string;
  readonly ofStates: readonly string[];
  readonly ofSteps: boolean;
}[] = [
  { scenario: 'hub-alone', design: 'upstream', ofStates: ['no-leak'], ofSteps: false },
  { scenario: 'mkpeer-refused', design: 'upstream', ofStates: ['closing-as-writer'], ofSteps: false },
  { scenario: 'request', design: 'gsoc24', ofStates: [], ofSteps: false },
  { scenario: 'teardown-ether', design: 'lockfree', ofStates: [], ofSteps: false },
  {
    scenario: 'queue-stall',
    design: 'gsoc23',
    ofStates: ['gate-left', 'no-leak', 'other-end-destroyed'],
    ofSteps: false,
  },
  {
    scenario: 'teardown-shutdown',
    design: 'lockfree',
    off: 'unhash-at-shutdown',
    ofStates: ['deadlock'],
    ofSteps: true,
  },
];

describe('what is exported to Rumur', () => {
  it.skipIf(!hasRumur).each(models)(
    'has the same states, rules and errors there: $scenario on $design',
    async ({ scenario, design, off, ofStates, ofSteps }) => {
      const without = off === undefined ? [] : ['--off', off];
      const { directory, states, transitions, wrong } = await exportTo(
        'model.m',
        scenario,
        '--design',
        design,
        '--to',
        'murphi',
        ...without,
      );
      const asSaid = '--deadlock-detection off --max-errors 1000000 --counterexample-trace off'.split(' ');
      call(directory, 'rumur', ...asSaid, '--threads', '1', '-o', 'model.c', 'model.m');
      call(directory, 'gcc', ...'-std=c11 -w -mcx16 -o model model.c -lpthread -latomic'.split(' '));
      const said = call(directory, './model');
      expect(numberIn(said, /(\d+) states, \d+ rules fired/)).toBe(states);
      expect(numberIn(said, /\d+ states, (\d+) rules fired/)).toBe(transitions);
      const errors = [...said.matchAll(/error trace for the error:\s+(.+)\n/g)].map(([, message]) => message!);
      expect(said).toContain(errors.length === 0 ? 'No error found' : `${errors.length} error(s) found`);
      const ofAStep = errors.filter((message) => message.includes(', '));
      expect(ofAStep.length > 0).toBe(ofSteps);
      expect(wrong.some((each) => each.includes(' at '))).toBe(ofSteps);
      const ofAState = new Set(errors.filter((message) => !ofAStep.includes(message)));
      expect([...ofAState].toSorted()).toEqual(ofStates);
      const oursOfStates = wrong.filter((each) => !each.includes(' at ')).map((each) => each.replace(/:.*/, ''));
      expect([...new Set(oursOfStates)].toSorted()).toEqual(ofStates);
    },
  );

  it('is a model whose head says which command to give, and what is to be expected', async () => {
    const { directory, states, transitions, wrong } = await exportTo(
      'model.m',
      'mkpeer-refused',
      '--design',
      'upstream',
      '--to',
      'murphi',
    );
    expect([states, transitions, wrong]).toEqual([42, 41, ['closing-as-writer']]);
    const text = call(directory, 'sed', '/^var$/q', 'model.m');
    expect(text).toMatch(
      /^-- mkpeer-refused on upstream, written by netgraph-mc export from specification [\da-f]{64}\n/,
    );
    expect(text).toContain('explores 42 states and fires 41 rules.');
    expect(text).toContain('rumur --deadlock-detection off --max-errors 1000000');
  });
});
