import { infoOf, isStatic, slot, type Field, type Shared } from './record.ts';
import type { RecordType, Routine, Value } from './operation.ts';

/**
 * The beginning of a check: which records there are and what they hold, which CPUs there are and what they run, which
 * switches of the design are on. Everything that the procedures do not say themselves.
 */
export type Cpu = {
  /** How people call it: `CPU0`, `ngthread1`, … */
  readonly name: string;
  readonly procedure: Routine;
  readonly args: readonly Value[];
};

/** The readers of an rwlock, and the sections that a callback waits for, are bits of one word; one is that of the CPU that runs callbacks. */
export const MOST_CPUS = 31;

type Fields<T> = { readonly [K in keyof T]?: T[K] | number | null };

export class World {
  readonly cpus: Cpu[] = [];
  readonly switches: ReadonlyMap<string, boolean>;
  /** How many lives a slot can have; 1: memory is not used again, so that a stale pointer is always seen. */
  readonly generations: number;
  readonly #values = new Map<Shared, Map<string, Value>>();
  readonly #live = new Set<Shared>();
  readonly #reserved = new Map<RecordType, number>();
  readonly #titles = new Map<Shared, string>();
  readonly #asked = new Set<string>();

  constructor(switches: ReadonlyMap<string, boolean> = new Map(), generations = 1) {
    this.switches = switches;
    this.generations = generations;
  }

  /** A record that is live when the check begins, with what its fields hold; everything else in it is zero. */
  make<T extends Shared>(type: RecordType<T>, title: string, values: Fields<T> = {}): T {
    const record = slot(type, this.slots(type));
    this.#reserved.set(type, record.slot + 1);
    this.#live.add(record);
    this.#titles.set(record, title);
    this.set(record, values);
    return record;
  }

  /** Memory for `more` records that `alloc` can hand out. */
  reserve(type: RecordType, more: number): void {
    const first = this.slots(type);
    this.#reserved.set(type, first + more);
    for (let i = 0; i < more; i++) this.#titles.set(slot(type, first + i), `${type.name.toLowerCase()}${i + 1}`);
  }

  /** What the fields of a record hold when the check begins. Locks are free; counts are numbers here. */
  set<T extends Shared>(record: T, values: Fields<T>): void {
    const known = this.#values.get(record) ?? new Map<string, Value>();
    for (const [field, value] of Object.entries(values)) known.set(field, value as Value);
    this.#values.set(record, known);
  }

  /** A CPU that runs `procedure(...args)` to its end. Returns its number. */
  run<A extends readonly Value[]>(name: string, procedure: (...args: A) => unknown, ...args: A): number {
    this.cpus.push({ name, procedure: procedure as unknown as Routine, args });
    return this.cpus.length - 1;
  }

  /** Number of slots of a type, static ones included. */
  slots(type: RecordType): number {
    return this.#reserved.get(type) ?? infoOf(type).statics;
  }

  /** All record types that this world has slots of. */
  types(): readonly RecordType[] {
    return [...this.#reserved.keys()];
  }

  initial(record: Shared, field: Field): Value {
    return this.#values.get(record)?.get(field.name) ?? field.zero;
  }

  isLive(record: Shared): boolean {
    return isStatic(record) || this.#live.has(record);
  }

  /** The reference to a record's slot in its `generation`-th life. */
  inLife(record: Shared, generation: number): Shared {
    return slot(record.type.type, record.slot, generation);
  }

  /** How people call a record: the scenario's name for it, with the life it was reached in where memory is reused. */
  title(record: Shared): string {
    const title = this.#titles.get(slot(record.type.type, record.slot)) ?? record.title;
    return record.generation > 0 ? `${title}'${record.generation}` : title;
  }

  given(name: string): boolean {
    const value = this.switches.get(name);
    if (value === undefined) throw new Error(`[suite bug] no design says whether "${name}" is on`);
    this.#asked.add(name);
    return value;
  }

  /** The switches that anybody has asked for so far. */
  get asked(): ReadonlySet<string> {
    return this.#asked;
  }
}
