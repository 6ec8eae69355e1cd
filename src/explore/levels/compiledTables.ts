import type { CompiledTree } from '../states/compiledTree.ts';
import type { Bits } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import { ALLOC } from '../model/program.ts';
import { ROW as PLAIN } from '../model/stepper.ts';

/**
 * Writes what model/stepper.ts looks things up in into the memory of the compiled loop (compiled/assembly/step.ts has the shapes), words of a state as
 * offsets in bytes, lists as addresses. Returns where the rows are.
 */
export const writeTables = (tree: CompiledTree, { stepper, layout, program, world }: Model): number => {
  const { tables } = stepper;
  const records = layout.records.map((record, i) => {
    const locks = tables.locks[i]!.map(({ bits, harmless }) => [
      ...three(bits),
      tree.put(harmless.map((each) => bytes(tree, each))),
    ]);
    const zeroings = tables.zeroings[i]!.map(({ word, keep, put }) => [4 * word, keep, put]);
    const { grace, callback } = record;
    // By callback and generation.
    const entries = grace === null ? 0 : tree.put(new Int32Array((callback.mask + 1) * world.generations).fill(-1));
    return tree.put([
      ...[record.life, record.generation, record.owner, record.grace, record.callback].flatMap(three),
      ...list(tree, zeroings),
      ...list(tree, locks),
      i,
      entries,
    ]);
  });
  const numberOf = new Map(layout.records.map(({ record }, i) => [record, i]));
  const effects = tree.put(tables.effects);
  const guards = tree.put(tables.guards);
  const rows = new Int32Array(program.rows.length * ROW);
  program.rows.forEach((row, c) => {
    if (row === null) return;
    const at = ROW * c;
    rows.set(tables.table.subarray(c * PLAIN, (c + 1) * PLAIN), at);
    for (const word of [2, 5, 9, 13, 17]) rows[at + word]! *= 4;
    rows[at + 16] = row.guardedBy === null ? 0 : guards + 4 * rows[at + 16]!;
    rows[at + 20] = effects + 4 * rows[at + 20]!;
    rows[at + 22] = row.touches === null ? 0 : records[rows[at + 22]!]!;
    if (row.opcode === ALLOC) {
      const candidates = row.candidates.map((record) => [
        records[numberOf.get(layout.recordBits(record).record)!]!,
        tree.put(Array.from({ length: world.generations }, (_, g) => row.results.indexOf(world.inLife(record, g)))),
      ]);
      rows.set(list(tree, candidates), at + 24);
    }
    rows[at + 26] = stepper.fired[c]!;
    rows[at + 27] = c;
  });
  const exits = tables.exits.map((of) =>
    list(
      tree,
      of.map(({ bits, mine }) => [...three(bits), bytes(tree, mine)]),
    ),
  );
  tree.calls.equip(
    stepper.cpus,
    tables.runner,
    world.generations,
    tree.put(layout.locals.flatMap(three)),
    tree.put(layout.sections.flatMap(three)),
    tree.put(tables.deferrable.map((i) => records[i]!)),
    tables.deferrable.length,
    tree.put(exits.flat()),
  );
  return tree.put(rows);
};

/** Integers of a row. */
export const ROW = 32;

const three = (bits: Bits | null): readonly number[] =>
  bits === null ? [0, 0, 0] : [4 * bits.word, bits.shift, bits.mask];

/** Where a list is, and how many it has. */
const list = (tree: CompiledTree, each: readonly (readonly number[])[]): readonly [number, number] => [
  tree.put(each.flat()),
  each.length,
];

const bytes = (tree: CompiledTree, each: Uint8Array): number => {
  const words = new Uint8Array(4 * Math.ceil(each.length / 4));
  words.set(each);
  return tree.put(new Int32Array(words.buffer));
};
