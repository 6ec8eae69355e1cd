import { describe, expect, it } from 'vitest';
import { call, exportTo, has, kindsOf, models, numberIn, optionsOf } from './judge.ts';

/**
 * Rumur on what is exported in Murphi, written by other people than SPIN and with a search of its own. Skipped where there is no rumur(1) or no
 * gcc(1), and shown as skipped: its verifier needs what tcc(1) has not.
 */
const hasRumur = has('rumur', '--version') && has('gcc', '--version');

describe('what is exported to Rumur', () => {
  it.skipIf(!hasRumur).each(models)(
    'has the same states, rules and errors there: $scenario on $design',
    async (model) => {
      const { ofStates, ofSteps } = model;
      const { directory, states, transitions, wrong } = await exportTo(
        'model.m',
        ...optionsOf(model),
        '--to',
        'murphi',
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
      const ofAState = new Set(errors.filter((message) => !ofAStep.includes(message)));
      expect([...ofAState].toSorted()).toEqual(ofStates);
      expect(kindsOf(wrong)).toEqual({ ofStates, ofSteps });
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
