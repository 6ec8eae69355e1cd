import { describe, expect, it } from 'vitest';
import { procedure } from '../../src/machine/procedure.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { judged } from './judgement.ts';

class Counter extends Shared {
  n = word(0, 9, 'a number');
  still = word(0, 9, 'another, which nobody changes');
}

const count = procedure('', function count(counter: Counter) {
  counter.n = 1;
  counter.n = 2;
  counter.n = 3;
});
const look = procedure('', function look(counter: Counter) {
  void counter.still;
});

const world = (): World => {
  const made = new World();
  const counter = made.make(Counter, 'counter');
  made.run('counts', count, counter);
  made.run('looks', look, counter);
  return made;
};

describe('a search that a bound ends', () => {
  it('says in how many values of what its states differ, most first', () => {
    // 4 places of the one by 2 of the other are 8 states; the bound is met with the eighth.
    const verdict = judged(world(), [], { budget: { maxStates: 7 } });
    expect(verdict).toMatchObject({ verdict: 'unknown', states: 8 });
    expect(verdict.varieties).toEqual({
      sampled: 8,
      variables: [{ name: 'counter.n', values: 4 }],
      cpus: [
        { name: 'counts', values: 4 },
        { name: 'looks', values: 2 },
      ],
    });
  });

  it('only does so', () => {
    expect(judged(world())).not.toHaveProperty('varieties');
  });
});
