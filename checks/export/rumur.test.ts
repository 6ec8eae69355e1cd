import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breadthFirst } from '../../src/explore/search/breadthFirst.ts';
import { usualModel, withModel } from '../../src/explore/model/model.ts';
import { exported } from '../../src/export/exported.ts';
import { murphiOf } from '../../src/export/murphi.ts';
import { choose } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { scratch } from '../cli/command.ts';
import { call, exportTo, has, kindsOf, models, numberIn, optionsOf } from './judge.ts';

/**
 * Rumur on what is exported in Murphi, written by other people than SPIN and with a search of its own. Skipped where there is no rumur(1) or no
 * gcc(1), and shown as skipped: its verifier needs what tcc(1) has not.
 */
const hasRumur = has('rumur', '--version') && has('gcc', '--version');

class Box extends Shared {
  x = word(0, 9, 'what was chosen');
  y = word(0, 9, 'what was stored');
}

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

  it('asks at ends, and nowhere else, for each way in which a claim about ends is broken', () => {
    const world = new World();
    const box = world.make(Box, 'box');
    const chooses = procedure('', function chooses(): void {
      box.x = 2 + choose(2);
    });
    const stores = procedure('', function stores(): void {
      box.y = 1;
    });
    world.run('one', chooses);
    world.run('other', stores);
    const claim = { name: 'none', kind: 'finally', sentence: 'none chose', holds: () => box.x === 0 || 'one' } as const;
    const text = withModel(world, usualModel, (model) => {
      const { visited } = breadthFirst(model, [], { budget: {}, allFailures: true });
      return murphiOf(exported(model, visited, [claim]), []);
    });
    const [, guard] = /^rule "none" (.*) ==>/m.exec(text)!;
    expect(guard).toMatch(/^isEnd\(\) & allRest\(\) & \((.+\) \| \(.+)\)$/);
    if (!hasRumur) return;
    const directory = scratch();
    writeFileSync(join(directory, 'model.m'), text);
    const asSaid = '--deadlock-detection off --max-errors 1000 --counterexample-trace off'.split(' ');
    call(directory, 'rumur', ...asSaid, '--threads', '1', '-o', 'model.c', 'model.m');
    call(directory, 'gcc', ...'-std=c11 -w -mcx16 -o model model.c -lpthread -latomic'.split(' '));
    // One for each end: with what was chosen, and where the other has stored.
    expect(call(directory, './model')).toContain('2 error(s) found');
  });

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
