import { atomically } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { pointer, Shared, slot, staticRecord } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import { shownField, type Meant, type Subject } from '../../src/differ/subject.ts';

/**
 * A stack without locks (Treiber 1986) on one arena, beside a model in which to push and to pop are one step each. It is small, and
 * it can be wrong in the way in which lock-free code is: a cell that was popped and pushed again meanwhile (ABA).
 */

/** Ways to break it: what is given to `stackSubject`, and nowhere else. */
export const stackMutants = ['untagged', 'blind store', 'forgets next', 'pops twice'] as const;
export type StackMutant = (typeof stackMutants)[number];

/* ---- the implementation: word 0 is tag << 8 | 1 + cell, or tag << 8 for an empty stack; word 1 + cell is the cell below ---- */

const HEAD = 0;
const CELL = 0xff;
const next = (cell: number): number => cell; // cells count from 1

const bump = (head: number, cell: number, mutant: StackMutant | null): number =>
  mutant === 'untagged' ? cell : ((head & ~CELL) + (CELL + 1)) | cell;

const push = (arena: Int32Array, cell: number, mutant: StackMutant | null): void => {
  for (;;) {
    const head = Atomics.load(arena, HEAD);
    if (mutant !== 'forgets next') Atomics.store(arena, next(cell), head & CELL);
    if (mutant === 'blind store') return void Atomics.store(arena, HEAD, bump(head, cell, mutant));
    if (Atomics.compareExchange(arena, HEAD, head, bump(head, cell, mutant)) === head) return;
  }
};

const pop = (arena: Int32Array, mutant: StackMutant | null): number => {
  for (;;) {
    const head = Atomics.load(arena, HEAD);
    const cell = head & CELL;
    if (cell === 0) return 0;
    const below = Atomics.load(arena, next(cell));
    if (Atomics.compareExchange(arena, HEAD, head, bump(head, below, mutant)) !== head) continue;
    return mutant === 'pops twice' ? pop(arena, null) : cell;
  }
};

/* ---- the model ---- */

class Stack extends Shared {
  top: Cell | null = pointer(() => Cell, 'the newest cell, or NULL');
}
class Cell extends Shared {
  below: Cell | null = pointer(() => Cell, 'the cell that was the newest before, or NULL');
}
const stack = staticRecord(Stack, 'stack');
const cells = [staticRecord(Cell, 'A'), staticRecord(Cell, 'B'), staticRecord(Cell, 'C')];

const pushes = procedure('', function pushes(cell: Cell) {
  atomically(() => {
    cell.below = stack.top;
    stack.top = cell;
  });
});
const pops = procedure('', function pops(): Cell | null {
  return atomically(() => {
    const cell = stack.top;
    if (cell !== null) stack.top = cell.below;
    return cell;
  });
});

/* ---- side by side ---- */

/** A number: push that cell, from 1 on. `again`: push what the first pop of this thread returned. */
export type Deed = number | 'pop' | 'again';

const programs: readonly (readonly Deed[])[] = [['pop'], ['pop', 'pop', 'again'], [3, 'pop']];

/** At the beginning A lies on B, and C is nowhere. */
export const stackSubject = (
  mutant: StackMutant | null = null,
  deeds: readonly (readonly Deed[])[] = programs,
): Subject => {
  const world = new World();
  world.set(stack, { top: cells[0]! });
  world.set(cells[0]!, { below: cells[1]! });
  deeds.forEach((run, i) =>
    world.run(`CPU${i}`, procedure('', function program() {
      let first: Cell | null = null;
      for (const deed of run) {
        if (deed === 'pop') {
          const popped = pops();
          first ??= popped;
        } else if (deed !== 'again') pushes(cells[deed - 1]!);
        else if (first !== null) pushes(first);
      }
    })),
  ); // prettier-ignore
  const number = (cell: unknown): number => (cell === null ? 0 : 1 + cells.indexOf(cell as Cell));
  return {
    made: [],
    name: 'stack',
    initial: Int32Array.from([1, 2, 0, 0]),
    world,
    threads: deeds.map((run, i) => ({
      name: `CPU${i}`,
      cpu: i,
      program: run.map((deed) => (arena: Int32Array, returned: readonly number[]) => {
        if (deed === 'pop') return pop(arena, mutant);
        const cell = deed === 'again' ? returned[0]! : deed;
        if (cell > 0) push(arena, cell, mutant);
        return 0;
      }),
    })),
    meaning: ({ kind, address, operand }, answer, thread, operation): readonly Meant[] => {
      if (address !== HEAD) return [];
      const takesEffect =
        kind === 'store' ||
        (kind === 'compareExchange' && answer === operand) ||
        (kind === 'load' && deeds[thread]![operation] === 'pop' && (answer & CELL) === 0);
      return takesEffect ? [{ does: 'load top', of: stack }] : [];
    },
    shown: [shownField(HEAD, slot(Stack, 0), 'top', number, CELL)],
    wordName: (address) => (address === HEAD ? 'head' : `next of ${'ABC'[address - 1]!}`),
  };
};

/** For threads: a mutant's name, or nothing. */
export const subjectOf = (key: string): Subject => stackSubject(key === '' ? null : (key as StackMutant));
