import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { CompiledTree } from '../../src/explore/states/compiledTree.ts';
import { inOrder } from '../../src/explore/states/grouping.ts';
import { sharedWords } from '../../src/explore/compiled/together.ts';

/** A tree that one thread goes on with for good, whatever others had begun in it. */

/** Words of its memory (assembly/alone.ts): how many are at work, and who is or wants to be alone. */
const WORKING = 6;
const ALONE = 7;
const [ASKED, CHANGING, FORSAKEN] = [1, 2, 3];
/** Milliseconds. */
const PATIENCE = 20_000;

const states = Array.from({ length: 5000 }, (_, word) => Int32Array.of(word, 7 * word));
const planted = (): CompiledTree => {
  const tree = CompiledTree.plant(inOrder(2));
  for (const state of states) tree.add(state);
  return tree;
};
const readFrom = (tree: CompiledTree): readonly Int32Array[] =>
  states.map((_, number) => {
    const state = new Int32Array(2);
    tree.read(number, state);
    return state;
  });

describe('a tree that is forsaken', () => {
  it.each([0, ASKED])('is read although somebody who is gone had asked to be alone: %i', (left) => {
    const tree = planted();
    tree.ints[ALONE] = left;
    tree.calls.forsake();
    expect(tree.ints[ALONE]).toBe(FORSAKEN);
    expect(readFrom(tree)).toEqual(states);
  });

  it('is nobody else’s: who asked to be alone is lost', { timeout: 2 * PATIENCE }, async () => {
    const tree = planted();
    const { ints } = tree;
    // As if one more were at work, whom the other waits for.
    Atomics.add(ints, WORKING, 1);
    const asker = new Worker(new URL('./asker.ts', import.meta.url), { workerData: tree.planted });
    const said = once(asker, 'message');
    const began = performance.now();
    while (Atomics.load(ints, ALONE) !== ASKED && performance.now() - began < PATIENCE);
    expect(ints[ALONE]).toBe(ASKED);
    tree.calls.forsake();
    Atomics.sub(ints, WORKING, 1);
    Atomics.notify(ints, WORKING);
    expect(await said).toEqual(['lost']);
    expect(ints[ALONE]).toBe(FORSAKEN);
    expect(readFrom(tree)).toEqual(states);
  });

  it('is not forsaken before who changes it is done', () => {
    const tree = planted();
    const begun = sharedWords(1);
    tree.ints[ALONE] = CHANGING;
    const data = { words: tree.ints, at: ALONE, begun };
    const changer = new Worker(new URL('./changer.ts', import.meta.url), { workerData: data });
    expect(Atomics.wait(begun, 0, 0, PATIENCE)).not.toBe('timed-out');
    expect(begun[0]).toBe(1);
    tree.calls.forsake();
    expect(begun[0]).toBe(2);
    expect(tree.ints[ALONE]).toBe(FORSAKEN);
    void changer.terminate();
  });
});
