import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { CompiledTree } from '../../src/explore/states/compiledTree.ts';
import { inOrder } from '../../src/explore/states/grouping.ts';
import { hashOf } from '../../src/explore/states/pairs.ts';
import { sharedWords } from '../../src/explore/compiled/together.ts';

/** A tree that other threads have, too. */

/** States of two words that are to stand at few places of the table, so that whoever enters them there meets others. */
const crowded = (count: number): readonly Int32Array[] => {
  const states: Int32Array[] = [];
  for (let word = 0; states.length < count; word++)
    if ((hashOf(word, 0) & 0xff0000) === 0) states.push(Int32Array.of(word, 0));
  return states;
};

/** Milliseconds after which the other thread is gone, or waits for ever. */
const PATIENCE = 20_000;

describe('a tree that a thread joins while the table is made anew', () => {
  it('still has all of its states in the table', { timeout: 60_000 }, async () => {
    const states = crowded(1 << 15);
    const turn = sharedWords(1);
    const comer = new Worker(new URL('./comer.ts', import.meta.url), { workerData: { turn } });
    for (let round = 0; round < 60; round++) {
      const tree = CompiledTree.plant(inOrder(2));
      for (const state of states) tree.add(state);
      tree.calls.beginLevel(30);
      Atomics.store(turn, 0, 0);
      comer.postMessage(tree.planted);
      expect(Atomics.wait(turn, 0, 0, PATIENCE)).not.toBe('timed-out');
      const began = performance.now();
      while (Atomics.load(turn, 0) !== 2 && performance.now() - began < PATIENCE) tree.calls.forgetLevel(1);
      expect(Atomics.load(turn, 0)).toBe(2);
      expect(states.filter((state, number) => tree.find(state) !== number)).toEqual([]);
    }
    await comer.terminate();
  });
});

describe('a tree whose order is written down', () => {
  it('says the number of a known state without going through all states again', () => {
    const tree = CompiledTree.plant(inOrder(2));
    tree.calls.beginLevel(30);
    const states = 400_000;
    const began = performance.now();
    for (let word = 0; word < states; word++) tree.add(Int32Array.of(word, 0));
    const filled = performance.now();
    for (let i = 0; i < 300; i++) {
      expect(tree.add(Int32Array.of(states + i, 0))).toBe(states + i);
      expect(tree.add(Int32Array.of(7 * i, 0))).toBe(7 * i);
    }
    expect(performance.now() - filled).toBeLessThan(filled - began);
  });
});
