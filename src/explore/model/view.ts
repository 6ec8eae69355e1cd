import type { Performer } from '../../machine/performer.ts';
import { withPerformer } from '../../machine/performer.ts';
import type { Life, Property, View } from '../../machine/property.ts';
import { isByThread, isStatic, slot, type Field, type Shared } from '../../machine/record.ts';
import type { RecordType, Value } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import type { Automata } from '../automata/automaton.ts';
import { FREED, LIVE, UNUSED, type Bits, type Layout } from './layout.ts';
import { renamed, type Renaming } from './peers.ts';

/**
 * One packed state as a predicate sees it. The bits that a predicate reads are noted: as long as none of them changes,
 * neither does what the predicate says, so it is evaluated again only on the states where one did.
 */
export class Peek implements Performer, View {
  readonly #world: World;
  readonly #automata: Automata;
  readonly #layout: Layout;
  #state: Int32Array = new Int32Array(0);
  #read: Int32Array = new Int32Array(0);
  #by: Renaming | null = null;
  /** Whether what was evaluated last has read something that names CPUs. */
  namesCpus = false;
  /** The switches that may be asked for; null: any. */
  #switches: ReadonlySet<string> | null = null;

  constructor(world: World, automata: Automata, layout: Layout) {
    this.#world = world;
    this.#automata = automata;
    this.#layout = layout;
  }

  /** Has each property say something once. From then on none may ask for a switch that nobody has asked for by now: see asked.ts. */
  askOnce(properties: readonly Property[], state: Int32Array): void {
    this.#switches = null;
    const read = new Int32Array(state.length);
    for (const property of properties) this.evaluate(property, state, read);
    this.#switches = new Set(this.#world.asked);
  }

  /** What the property says of `state`; adds to `read` the bits of the state that it read. */
  evaluate(property: Property, state: Int32Array, read: Int32Array): true | string {
    this.namesCpus = false;
    this.#state = state;
    this.#read = read;
    return withPerformer(this, () => property.holds(this));
  }

  /** The same of the state in which the CPUs are called otherwise. */
  evaluateRenamed(property: Property, state: Int32Array, read: Int32Array, by: Renaming): true | string {
    this.#by = by;
    try {
      return this.evaluate(property, state, read);
    } finally {
      this.#by = null;
    }
  }

  /** The value of a field in `state`, outside any predicate. */
  valueIn(state: Int32Array, record: Shared, field: Field): Value {
    this.#state = state;
    return this.read(record, field);
  }

  lifeIn(state: Int32Array, record: Shared): Life {
    this.#state = state;
    return this.life(record);
  }

  /** Where memory is used again: the reference to a record that is good in `state`. */
  presentIn(state: Int32Array, record: Shared): Shared {
    this.#state = state;
    return this.present(record);
  }

  /** The same for a predicate. */
  present(record: Shared): Shared {
    return isStatic(record) ? record : this.#world.inLife(record, this.#generation(record));
  }

  #get(bits: Bits): number {
    if (bits.mask === 0) return 0;
    this.#read[bits.word]! |= bits.mask << bits.shift;
    return (this.#state[bits.word]! >>> bits.shift) & bits.mask;
  }

  read(record: Shared, field: Field): Value {
    const cell = this.#automata.findCell(record, field.name);
    const held =
      cell === undefined ? this.#world.initial(record, field) : cell.values[this.#get(this.#layout.cellBits(cell))];
    if (!isByThread(field)) return held;
    this.namesCpus = true;
    return this.#by === null ? held : renamed(field, held, this.#by);
  }

  records<T extends Shared>(type: RecordType<T>): readonly T[] {
    const all: T[] = [];
    for (let i = 0; i < this.#world.slots(type); i++) {
      const record = slot(type, i, this.#generation(slot(type, i)));
      const life = this.life(record);
      if (life !== 'unused' && life !== 'freed') all.push(record);
    }
    return all;
  }

  #generation(record: Shared): number {
    const bits = this.#layout.recordBits(record);
    return bits === undefined ? 0 : this.#get(bits.generation);
  }

  title(record: Shared | null): string {
    return record === null ? 'NULL' : this.#world.title(record);
  }

  life(record: Shared): Life {
    if (isStatic(record)) return 'static';
    const bits = this.#layout.recordBits(record);
    if (bits === undefined || bits.life === null) return this.#world.isLive(record) ? 'live' : 'unused';
    const life = this.#get(bits.life);
    if (life === UNUSED) return 'unused';
    if (this.#generation(record) !== record.generation) return 'freed';
    return life === LIVE ? 'live' : life === FREED ? 'freed' : 'handed over';
  }

  sections(cpu: number): number {
    this.namesCpus = true;
    const bits = this.#layout.sections[this.#by === null ? cpu : this.#by.indexOf(cpu)];
    return bits === undefined ? 0 : this.#get(bits);
  }

  holder(record: Shared, mutex: string): number | null {
    const holder = this.read(record, record.type.byName.get(mutex)!);
    return typeof holder === 'number' ? holder : null;
  }

  given(name: string): boolean {
    if (this.#switches?.has(name) === false)
      throw new Error(`[suite bug] a property asks for "${name}" in some states only: it must ask in each`);
    return this.#world.given(name);
  }

  write(): never {
    throw new Error('[suite bug] a predicate stores into shared memory');
  }
  operate(): never {
    throw new Error('[suite bug] a predicate performs an operation');
  }
  call(): never {
    throw new Error('[suite bug] a predicate calls a procedure');
  }
  loop(): never {
    throw new Error('[suite bug] a predicate enters a loop of the model');
  }
  together<T>(body: () => T): T {
    return body();
  }
}
