import { describe, expect, it } from 'vitest';
import { atomic_fetchadd, mtx_lock, mtx_unlock, wait_until } from '../../src/machine/access.ts';
import { again, forever, procedure } from '../../src/machine/procedure.ts';
import { mutex, Shared, truth, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { claim, judged, proven, stepsOf } from './judgement.ts';

/** Mutual exclusion as the textbooks have it. */

class Contender extends Shared {
  wants = truth('wants to go in');
  inside = truth('is in the critical section');
}
class Door extends Shared {
  turn = word(0, 1, 'who has to wait when both want');
}

const stay = procedure('', function stay(me: Contender) {
  me.inside = true;
  me.inside = false;
});

/** Peterson 1981. What the wait looks at is read one after the other, as the C would. */
const peterson = procedure('', function peterson(me: Contender, other: Contender, door: Door, number: number) {
  me.wants = true;
  door.turn = 1 - number;
  forever(() => {
    if (!other.wants) return true;
    if (door.turn === number) return true;
  });
  stay(me);
  me.wants = false;
  return again(me, other, door, number);
});

/** The first two lines exchanged: the one who comes second may set the turn first. */
const hasty = procedure('', function hasty(me: Contender, other: Contender, door: Door, number: number) {
  door.turn = 1 - number;
  me.wants = true;
  wait_until(() => !other.wants || door.turn === number);
  stay(me);
  me.wants = false;
});

/** Without a turn to give way both can wait for each other. */
const stubborn = procedure('', function stubborn(me: Contender, other: Contender) {
  me.wants = true;
  wait_until(() => !other.wants);
  stay(me);
  me.wants = false;
});

const two = (body: (me: Contender, other: Contender, door: Door, number: number) => unknown) => {
  const world = new World();
  const contenders = [0, 1].map((i) => world.make(Contender, `contender${i}`));
  const door = world.make(Door, 'door');
  const [a, b] = contenders as [Contender, Contender];
  world.run('first', body, a, b, door, 0);
  world.run('second', body, b, a, door, 1);
  const alone = claim('always', 'one at a time', () => !(a.inside && b.inside));
  const visits = contenders.map((c, i) => claim('sometimes', `${i} gets in`, () => c.inside));
  return { world, properties: [alone, ...visits] };
};

class Ticket extends Shared {
  next = word(0, 4, 'the next ticket to be had');
  serving = word(0, 4, 'the ticket whose turn it is');
}

const customer = procedure('', function customer(lock: Ticket, me: Contender) {
  const mine = atomic_fetchadd(lock, 'next', 1);
  wait_until(() => lock.serving === mine);
  stay(me);
  lock.serving = mine + 1;
});

const ticketLock = (customers: number) => {
  const world = new World();
  const lock = world.make(Ticket, 'lock');
  const all = Array.from({ length: customers }, (_, i) => world.make(Contender, `contender${i}`));
  all.forEach((me, i) => world.run(`customer${i}`, customer, lock, me));
  const alone = claim('always', 'one at a time', () => all.filter((me) => me.inside).length <= 1);
  return { world, properties: [alone] };
};

/**
 * With `taken` tickets drawn and `served` of them done, who is done is a set and who waits an order; whoever is served is before
 * its wait, after it, inside or outside: four places.
 */
const ticketCounts = (n: number): readonly [number, number] => {
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  let [states, transitions] = [0, 0];
  for (let taken = 0; taken <= n; taken++)
    for (let served = 0; served <= taken; served++) {
      const sets = factorial(n) / factorial(served) / factorial(n - served);
      const orders = factorial(n - served) / factorial(n - taken);
      const places = served < taken ? 4 : 1;
      states += sets * orders * places;
      transitions += sets * orders * places * (n - taken + (served < taken ? 1 : 0));
    }
  return [states, transitions];
};

class Fork extends Shared {
  held = mutex('a philosopher has it');
}

const dine = procedure('', function dine(first: Fork, second: Fork) {
  mtx_lock(first.held);
  mtx_lock(second.held);
  mtx_unlock(second.held);
  mtx_unlock(first.held);
});

const table = (seats: number, ordered: boolean): World => {
  const world = new World();
  const forks = Array.from({ length: seats }, (_, i) => world.make(Fork, `fork${i}`));
  forks.forEach((fork, i) => {
    const right = forks[(i + 1) % seats]!;
    const [first, second] = ordered && right.slot < fork.slot ? [right, fork] : [fork, right];
    world.run(`philosopher${i}`, dine, first, second);
  });
  return world;
};

describe("Peterson's algorithm", () => {
  // SPIN has the same states, and one transition more since it counts the one into the initial state.
  it('lets one in at a time, for ever', () => {
    const { world, properties } = two(peterson);
    expect(proven(world, properties)).toMatchObject({ verdict: 'holds', states: 48, transitions: 96 });
  });

  it('lets both in when the turn is set before the wish', () => {
    const { world, properties } = two(hasty);
    const verdict = proven(world, properties);
    expect(verdict.property).toBe('one at a time');
    expect(stepsOf(verdict)).toEqual([
      'first hasty: store turn',
      'second hasty: store turn',
      'second hasty: store wants #1',
      'second hasty: load wants',
      'first hasty: store wants #1',
      'first hasty: load wants',
      'first stay: store inside #1',
      'second stay: store inside #1',
    ]);
  });

  it('without its turn stops for ever', () => {
    const { world } = two(stubborn);
    const verdict = proven(world);
    expect(verdict).toMatchObject({ property: 'deadlock', message: 'first, second wait for each other for ever' });
    expect(stepsOf(verdict)).toEqual(['first stubborn: store wants #1', 'second stubborn: store wants #1']);
  });
});

describe('a ticket lock', () => {
  it.each([1, 2, 3, 4])('of %i customers has the states of the formula and lets one in at a time', (n) => {
    const { world, properties } = ticketLock(n);
    const { verdict, states, transitions, depth } = proven(world, properties);
    expect([verdict, states, transitions, depth]).toEqual(['holds', ...ticketCounts(n), 5 * n]);
  });

  it('of two customers has 28 states', () => {
    expect(ticketCounts(2)[0]).toBe(28);
  });
});

describe('philosophers at table', () => {
  it.each([2, 3, 4])('%i of them starve when each takes the left fork first', (n) => {
    const verdict = proven(table(n, false));
    expect(verdict.property).toBe('deadlock');
    expect(stepsOf(verdict)).toEqual(Array.from({ length: n }, (_, i) => `philosopher${i} dine: mtx_lock held #1`));
  });

  // So has SPIN, which has one state and two transitions more for starting them.
  it.each([
    [2, 16, 16],
    [3, 72, 116],
    [4, 320, 704],
  ])('%i of them dine when forks are taken in order', (n, states, transitions) => {
    expect(proven(table(n, true))).toMatchObject({ verdict: 'holds', states, transitions, depth: 4 * n });
  });

  it('counts do not depend on who sits where', () => {
    const turned = (shift: number): World => {
      const world = new World();
      const forks = [0, 1, 2].map((i) => world.make(Fork, `fork${i}`));
      for (const i of [0, 1, 2].map((seat) => (seat + shift) % 3)) {
        const [low, high] = [i, (i + 1) % 3].toSorted((a, b) => a - b);
        world.run(`philosopher${i}`, dine, forks[low!]!, forks[high!]!);
      }
      return world;
    };
    const counts = [0, 1, 2].map((shift) => {
      const { states, transitions, depth } = judged(turned(shift));
      return [states, transitions, depth];
    });
    expect(new Set(counts.map(String)).size).toBe(1);
  });
});
