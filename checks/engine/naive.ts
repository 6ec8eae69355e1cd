import { withPerformer, type Performer } from '../../src/machine/performer.ts';
import { isConduct, isOfStates, type Claim } from '../../src/machine/conduct.ts';
import type { Life, Property, View } from '../../src/machine/property.ts';
import type { RecordType, Value } from '../../src/machine/operation.ts';
import { slot, type Field, type Shared } from '../../src/machine/record.ts';
import type { World } from '../../src/machine/world.ts';
import { breaches } from './naiveConduct.ts';
import { Machine, memoryOf, type State } from './naiveStep.ts';

/**
 * The reference explorer: breadth first over plain objects, with a Map whose keys are the states written out as JSON. What the
 * engine says must be what this says.
 */
export type Judgement = {
  readonly verdict: 'holds' | 'violated' | 'unknown';
  readonly property: string | null;
  readonly states: number;
  readonly transitions: number;
  /** Length of a shortest run that shows the violation, or null. */
  readonly steps: number | null;
};

/** `statics`: the types of the world that have static records only. */
export const naive = (
  world: World,
  claims: readonly Claim[],
  fuse: boolean,
  statics: readonly RecordType[] = [],
): Judgement => {
  const [properties, conduct] = [claims.filter(isOfStates), claims.filter(isConduct)];
  const machine = new Machine(world, fuse, statics);
  const wanted = new Set(properties.filter(({ kind }) => kind === 'sometimes'));
  const seen = new Map<string, number>();
  const queue: { readonly state: State; readonly depth: number }[] = [];
  let transitions = 0;
  let ends = 0;

  const over = (property: string | null, steps: number | null): Judgement => ({
    verdict: property === null ? 'holds' : 'violated',
    property,
    states: seen.size,
    transitions,
    steps,
  });
  const wrongIn = (state: State, kind: Property['kind']): string | null =>
    properties.find((property) => property.kind === kind && !holds(world, property, state))?.name ?? null;
  /** Takes a state up if it is new; says which property it breaks. */
  const meet = (state: State, depth: number): string | null => {
    const key = written(state);
    if (seen.has(key)) return null;
    seen.set(key, depth);
    queue.push({ state, depth });
    for (const property of wanted) if (holds(world, property, state)) wanted.delete(property);
    return wrongIn(state, 'always');
  };

  const initially = meet(machine.begin(), 0);
  if (initially !== null) return over(initially, 0);
  for (const { state, depth } of queue) {
    const tried = state.cpus.flatMap((_, cpu) => machine.tries(state, cpu));
    const outcomes = tried.filter(({ kind }) => kind !== 'waits');
    for (const outcome of tried) {
      const [broken] = breaches(conduct, state, outcome);
      if (broken !== undefined) return over(broken.claim.name, depth + 1);
      if (outcome.kind === 'waits') continue;
      if (outcome.kind === 'bound') return { ...over(null, null), verdict: 'unknown' };
      if (outcome.kind === 'failed') return over(outcome.failure.property, depth + 1);
      transitions++;
      const wrong = meet(outcome.state, depth + 1);
      if (wrong !== null) return over(wrong, depth + 1);
    }
    if (outcomes.length > 0) continue;
    ends++;
    const wrong = atRest(machine, state) ? wrongIn(state, 'finally') : 'deadlock';
    if (wrong !== null) return over(wrong, depth);
  }
  // What is claimed of ends was never looked at.
  if (ends === 0 && properties.some(({ kind }) => kind === 'finally'))
    return { ...over(null, null), verdict: 'unknown' };
  const [unseen] = wanted;
  return over(unseen?.name ?? null, null);
};

/** Whether every CPU has run to its end or waits for work. */
export const atRest = (machine: Machine, state: State): boolean =>
  state.cpus.every(({ stack }) => {
    if (stack.length === 0) return true;
    const pending = machine.pending(stack);
    return pending.kind === 'operation' && pending.idle;
  });

export const holds = (world: World, property: Property, state: State): boolean => {
  const reading = new Reading(world, state);
  return withPerformer(reading, () => property.holds(reading)) === true;
};

/** A state as a predicate reads it. */
class Reading implements Performer, View {
  readonly #world: World;
  readonly #state: State;

  constructor(world: World, state: State) {
    this.#world = world;
    this.#state = state;
  }

  read(record: Shared, field: Field): Value {
    return memoryOf(this.#state, record).fields[field.name];
  }
  records<T extends Shared>(type: RecordType<T>): readonly T[] {
    return this.#state.memory
      .filter(({ record, life }) => record.type.type === type && life !== 'unused' && life !== 'freed')
      .map(({ record, generation }) => slot(type, record.slot, generation));
  }
  title(record: Shared | null): string {
    return record === null ? 'NULL' : this.#world.title(record);
  }
  life(record: Shared): Life {
    const { life, generation } = memoryOf(this.#state, record);
    if (life !== 'unused' && generation !== record.generation) return 'freed';
    return life === 'running' ? 'handed over' : life;
  }
  sections(cpu: number): number {
    return this.#state.cpus[cpu]?.sections ?? 0;
  }
  holder(record: Shared, mutex: string): number | null {
    const holder = this.read(record, record.type.byName.get(mutex)!);
    return typeof holder === 'number' ? holder : null;
  }
  given(name: string): boolean {
    return this.#world.given(name);
  }
  together<T>(body: () => T): T {
    return body();
  }
  write(): never {
    throw new Error('a predicate stores');
  }
  operate(): never {
    throw new Error('a predicate does an operation');
  }
  call(): never {
    throw new Error('a predicate calls a procedure');
  }
  loop(): never {
    throw new Error('a predicate loops');
  }
}

const numbers = new Map<unknown, number>();

/** Two states are one exactly if they are written alike. What a value was the answer to follows from the values before it. */
export const written = (state: State): string =>
  JSON.stringify(state, (key, value: unknown) => {
    if (key === 'asked') return undefined;
    if (value === undefined) return '~';
    if (typeof value === 'string') return `"${value}`;
    if (!isOpaque(value)) return value;
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `#${numbers.get(value)}`;
  });

/** Records and procedures are what they are by identity. */
const isOpaque = (value: unknown): boolean =>
  typeof value === 'function' || (typeof value === 'object' && value !== null && 'slot' in value);
