import { describe, expect, it } from 'vitest';
import { alloc, atomic_cmpset, atomically, free, sameAddress } from '../../src/machine/access.ts';
import { forever, procedure } from '../../src/machine/procedure.ts';
import { pointer, Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import type { Verdict } from '../../src/explore/search/verdict.ts';
import { claim, proven, stepsOf } from './judgement.ts';

/**
 * Treiber's stack (1986) and what it is known for. One thread is about to pop A and has read that B comes after it. Meanwhile
 * the other pops A and B, gives both back, gets A's memory again and pushes it. The compare of the first thread finds the
 * address that it expects, and B, which is nobody's any more, is the head of the stack.
 */
class Cell extends Shared {
  next: Cell = pointer(() => Cell, 'the cell below');
}
class Stack extends Shared {
  head: Cell = pointer(() => Cell, 'the cell on top');
  tag = word(0, 7, 'how often a cell was taken off');
}

type Pop = (stack: Stack) => Cell | null;

/** Head and next are read together: memory that is being freed is another check's concern. */
const pop = procedure('', function pop(stack: Stack) {
  return forever(() => {
    const top = atomically(() => {
      const head = stack.head;
      return head === null ? null : { head, next: head.next };
    });
    if (top === null) return null;
    if (atomic_cmpset(stack, 'head', top.head, top.next)) return top.head;
  });
});

/** The tag is compared and counted together with the address. */
const popTagged = procedure('', function popTagged(stack: Stack) {
  return forever(() => {
    const top = atomically(() => {
      const head = stack.head;
      return head === null ? null : { head, next: head.next, tag: stack.tag };
    });
    if (top === null) return null;
    const taken = atomically(() => {
      if (!sameAddress(stack.head, top.head) || stack.tag !== top.tag) return false;
      stack.head = top.next;
      stack.tag = top.tag + 1;
      return true;
    });
    if (taken) return top.head;
  });
});

const push = procedure('', function push(stack: Stack, cell: Cell) {
  forever(() => {
    const head = stack.head;
    cell.next = head;
    if (atomic_cmpset(stack, 'head', head, cell)) return true;
  });
});

const recycling = (take: Pop) =>
  procedure('', function recycle(stack: Stack) {
    const one = take(stack);
    const two = take(stack);
    if (one === null || two === null) return;
    free(two);
    free(one);
    push(stack, alloc(Cell));
  });

const taking = (take: Pop) =>
  procedure('', function takeOne(stack: Stack) {
    take(stack);
  });

const judge = (take: Pop, generations: number): Verdict => {
  const world = new World(new Map(), generations);
  // The cell on top has the lower slot: it is the one that `alloc` gives out again.
  const above = world.make(Cell, 'a');
  world.set(above, { next: world.make(Cell, 'b') });
  world.reserve(Cell, 1);
  const stack = world.make(Stack, 'stack', { head: above });
  world.run('slow', taking(take), stack);
  world.run('quick', recycling(take), stack);
  const sound = claim('always', 'the head is live', (view) => {
    const head = stack.head;
    return head === null || view.life(head) === 'live';
  });
  const both = claim('sometimes', 'the stack is empty', () => stack.head === null);
  return proven(world, [sound, both]);
};

describe("Treiber's stack", () => {
  it('where memory is used again has the ABA problem', () => {
    const verdict = judge(pop, 2);
    expect(verdict.property).toBe('the head is live');
    expect(stepsOf(verdict)).toEqual([
      'slow pop: load head',
      'quick pop: load head',
      'quick pop: atomic_cmpset head',
      'quick pop: load head',
      'quick pop: atomic_cmpset head',
      'quick recycle: free Cell #1',
      'quick recycle: free Cell #2',
      'quick recycle: alloc Cell',
      'quick push: load head',
      'quick push: store next',
      'quick push: atomic_cmpset head',
      'slow pop: atomic_cmpset head',
    ]);
  });

  it('where no memory is used again has not', () => {
    expect(judge(pop, 1)).toMatchObject({ verdict: 'holds', states: 47, transitions: 72 });
  });

  it('with a tag beside the address has not, though memory is used again', () => {
    expect(judge(popTagged, 2)).toMatchObject({ verdict: 'holds', states: 47, transitions: 72 });
  });
});
