import { isPerforming, perform } from './performer.ts';
import { done, type Cell, type Effect, type RecordType, type Routine, type Value } from './operation.ts';

/**
 * Records are declared once, as classes whose properties are the fields of the C struct:
 *
 *     class Buf extends Shared {
 *       b_flags = flags({ B_INVALID: 1 }, 'no new users');
 *       b_next: Buf = pointer(() => Buf, 'the next one, or b_last');
 *     }
 *
 * The declaration is run once. From it come the accessors (reading `buf.b_next` is a shared load, assigning it a shared
 * store), the TypeScript types, the range checks and the texts that people read. A procedure never sees an instance that
 * was made with `new`, only the interned reference to a slot: `slot(Buf, 3)`.
 */

/**
 * Who may touch a field, and so whether touching it is a step of its own:
 * - `shared`: anybody, at any time. Every access is a step.
 * - `owned`: only the CPU that owns the record (an item has one owner at a time). Nobody else can tell when such an access
 *   happens, so it is done together with the step before it; the machine checks the ownership at every access, and an
 *   access by anybody else is a violation in whatever order it comes. (Lipton 1975: an access that nobody else may make is
 *   a both-mover.)
 * - `queued`: as owned, and also free for whoever works on the queue that the record is on.
 * - `guarded`: only the holder of the lock in the same record; checked and done together with the step before it, likewise.
 * - `ghost`: not in the C; for properties only.
 * - `constant`: written before the check begins and never again, in a record that never dies; reading it is no step. (In a
 *   record that can be freed even a constant must be `shared`: whether the record is still there is seen at the access.)
 */
export type Access = 'shared' | 'owned' | 'queued' | 'guarded' | 'ghost' | 'constant';

export type Field = {
  readonly name: string;
  readonly kind:
    'word' | 'flags' | 'truth' | 'pointer' | 'count' | 'mutex' | 'rwlock' | 'perThread' | 'name' | 'routine';
  readonly meaning: string;
  readonly access: Access;
  /** The name of the lock that guards it, if `access` is `guarded`. */
  readonly guard?: string;
  /** What zeroed memory means here. */
  readonly zero: Value;
  /** Whether the field can hold it; a step that stores anything else stops the check at a bound. */
  readonly admits: (value: Value) => boolean;
  /** How a value of this field reads. */
  readonly show: (value: Value) => string;
};

type Draft = Omit<Field, 'name' | 'access' | 'guard'>;
const drafts = new WeakMap<object, Draft & { access?: Access; guard?: string }>();

/** The declaration stands where a value of the field's type will be, so that the class has the right TypeScript types. */
const declare = <T>(draft: Draft): T => {
  const marker = {};
  drafts.set(marker, draft);
  return marker as T;
};

const plain = (value: Value): string => (value === null ? 'NULL' : String(value));

/** A plain int from `min` to `max`, zero at first. */
export const word = (min: number, max: number, meaning: string): number =>
  declare({
    kind: 'word',
    meaning,
    zero: 0,
    admits: (v) => typeof v === 'number' && v >= min && v <= max,
    show: plain,
  });

/** A word of named bits. */
export const flags = (bits: Readonly<Record<string, number>>, meaning: string): number => {
  const all = Object.values(bits).reduce((a, b) => a | b, 0);
  return declare({
    kind: 'flags',
    meaning,
    zero: 0,
    admits: (v) => typeof v === 'number' && (v & ~all) === 0,
    show: (v) =>
      Object.entries(bits)
        .filter(([, bit]) => ((v as number) & bit) !== 0)
        .map(([name]) => name)
        .join('|') || '0',
  });
};

/** A truth value. */
export const truth = (meaning: string): boolean =>
  declare({ kind: 'truth', meaning, zero: false, admits: (v) => typeof v === 'boolean', show: plain });

/** A pointer to a record, or NULL. */
export const pointer = <T extends Shared>(type: () => RecordType<T>, meaning: string): T =>
  declare({
    kind: 'pointer',
    meaning,
    zero: null,
    admits: (v) => v === null || v instanceof type(),
    show: plain,
  });

/** A reference count (refcount(9)), from 0 to `max`. */
export const count = (max: number, meaning: string): RefCount =>
  declare({
    kind: 'count',
    meaning,
    zero: 0,
    admits: (v) => typeof v === 'number' && v >= 0 && v <= max,
    show: plain,
  });

/** A mutex(9): NULL when free, else the number of the CPU that holds it, or 'destroyed'. */
export const mutex = (meaning: string): Mutex =>
  declare({ kind: 'mutex', meaning, zero: null, admits: () => true, show: showLock });

/** An rwlock(9): NULL when free, the set of its readers (bit N: CPU N), or the text 'writer N' of the CPU that holds it. */
export const rwlock = (meaning: string): RwLock =>
  declare({ kind: 'rwlock', meaning, zero: null, admits: () => true, show: showRwLock });

/** A small number of which each thread has its own, 0 at first: nobody but the thread can tell when it is touched. */
export const perThread = (meaning: string): PerThread =>
  declare({ kind: 'perThread', meaning, zero: 0, admits: () => true, show: (v) => `0o${(v as number).toString(8)}` });

const OWN_BITS = 3;
const MOST_OWN = 2 ** OWN_BITS - 1;
/** Threads that have room for their number in one word. */
export const MOST_THREADS = 10;
/** The number of the thread that runs on a CPU, out of what such a field holds; and what it holds with another. */
export const ownOf = (held: number, cpu: number): number => (held >>> (OWN_BITS * cpu)) & MOST_OWN;
export const withOwn = (held: number, cpu: number, own: number): number =>
  (held & ~(MOST_OWN << (OWN_BITS * cpu))) | (own << (OWN_BITS * cpu));

/** Whether what an operation on the field does depends on who does it. */
export const isByThread = ({ kind }: Field): boolean => kind === 'mutex' || kind === 'rwlock' || kind === 'perThread';

/** A name. */
export const name = (meaning: string): string =>
  declare({ kind: 'name', meaning, zero: '', admits: (v) => typeof v === 'string', show: (v) => `"${String(v)}"` });

/** A function pointer, or NULL. */
export const routine = <F extends (...args: never[]) => unknown>(meaning: string): F | null =>
  declare({
    kind: 'routine',
    meaning,
    zero: null,
    admits: (v) => v === null || typeof v === 'function',
    show: (v) => (v === null ? 'NULL' : `&${(v as Routine).title}`),
  });

const showRwLock = (v: Value): string => {
  if (typeof v !== 'number') return v === null ? 'free' : String(v);
  const readers = Array.from({ length: 32 }, (_, cpu) => cpu).filter((cpu) => (v & (1 << cpu)) !== 0);
  return `read by CPU ${readers.join(', ')}`;
};

const showLock = (v: Value): string => (v === null ? 'free' : typeof v === 'number' ? `held by CPU ${v}` : String(v));

const restrict = <T>(access: Access, field: T, guard?: string): T => {
  const draft = drafts.get(field as object);
  if (draft === undefined) throw new Error('[suite bug] a field modifier stands around something that is not a field');
  drafts.set(field as object, { ...draft, access, ...(guard === undefined ? {} : { guard }) });
  return field;
};
export const owned = <T>(field: T): T => restrict('owned', field);
export const queued = <T>(field: T): T => restrict('queued', field);
export const ghost = <T>(field: T): T => restrict('ghost', field);
export const constant = <T>(field: T): T => restrict('constant', field);
/** Only the holder of the mutex `lock` of the same record may touch it. */
export const guardedBy = <T>(lock: string, field: T): T => restrict('guarded', field, lock);

declare const brand: unique symbol;
export type RefCount = { readonly [brand]: 'count' };
export type Mutex = { readonly [brand]: 'mutex' };
export type RwLock = { readonly [brand]: 'rwlock' };
export type PerThread = { readonly [brand]: 'perThread' };

/** Memory that more than one CPU can reach. */
export abstract class Shared {
  declare readonly type: RecordInfo;
  /** Which slot of its type: 0, 1, …; the static records come first. */
  declare readonly slot: number;
  /** Which life of the slot the reference was made in; differs from 0 only where a check reuses memory. */
  declare readonly generation: number;
  declare readonly title: string;

  toString(): string {
    return this.title;
  }
}

/** What is known of a class of records. */
export type RecordInfo = {
  readonly type: RecordType;
  readonly name: string;
  readonly fields: readonly Field[];
  readonly byName: ReadonlyMap<string, Field>;
  readonly slots: Shared[][];
  statics: number;
};

const reserved = new Set(['type', 'slot', 'generation', 'title']);

const infos = new Map<RecordType, RecordInfo>();
const prototypes = new Map<RecordType, object>();

/** The declaration of a class, read once. Throws a suite bug when a property is not a field. */
export const infoOf = (type: RecordType): RecordInfo => {
  const known = infos.get(type);
  if (known !== undefined) return known;
  const declared = Object.entries(new type());
  const fields = declared.map(([name, marker]): Field => {
    const draft = drafts.get(marker as object);
    if (draft === undefined) throw new Error(`[suite bug] ${type.name}.${name} is not declared as a field`);
    if (reserved.has(name))
      throw new Error(`[suite bug] ${type.name}.${name}: every record has a property of that name`);
    return { access: 'shared', ...draft, name };
  });
  const info: RecordInfo = {
    type,
    name: type.name,
    fields,
    byName: new Map(fields.map((field) => [field.name, field])),
    slots: [],
    statics: 0,
  };
  const prototype = Object.create(type.prototype) as object;
  strict(type);
  for (const field of fields) Object.defineProperty(prototype, field.name, accessors(field));
  infos.set(type, info);
  prototypes.set(type, prototype);
  return info;
};

/** A record was asked for a field that its type does not have. `elsewhere`: another type has one of that name. */
export class NoField extends Error {
  readonly elsewhere: boolean;
  constructor(record: Shared, name: string) {
    super(`[suite bug] ${record.type.name} has no field ${name}`);
    this.elsewhere = [...infos.values()].some(({ byName }) => byName.has(name));
  }
}

/**
 * A field that does not exist is read as undefined by JavaScript, and a test of its bits is then false: a slip of the pen would
 * change what the model says. So the last place that a look-up comes to refuses. It is reached by wrong names only.
 */
const strict = (type: RecordType): void => {
  let last = type.prototype as object;
  while (Object.getPrototypeOf(last) !== Shared.prototype) {
    last = Object.getPrototypeOf(last) as object;
    if (walls.has(last)) return;
  }
  const wall = new Proxy(Object.create(Shared.prototype) as object, {
    get(target, name, receiver: unknown) {
      if (name in target || typeof name === 'symbol' || !isPerforming())
        return Reflect.get(target, name, receiver) as unknown;
      throw new NoField(receiver as Shared, name);
    },
    set(target, name, value, receiver: unknown) {
      if (typeof name === 'symbol' || !isPerforming()) return Reflect.set(target, name, value, receiver);
      throw new NoField(receiver as Shared, name);
    },
  });
  walls.add(wall);
  Object.setPrototypeOf(last, wall);
};
const walls = new WeakSet<object>();

const accessors = (field: Field): PropertyDescriptor => ({
  get(this: Shared) {
    if (isByThread(field) || field.kind === 'count') return { record: this, field };
    return perform().read(this, field);
  },
  set(this: Shared, value: Value) {
    perform().write(this, field, value);
  },
});

/** The reference to slot number `index` of a type, in its `generation`-th life. The same arguments give the same object. */
export const slot = <T extends Shared>(type: RecordType<T>, index: number, generation = 0): T => {
  const info = infoOf(type);
  const lives = (info.slots[index] ??= []);
  return (lives[generation] ??= Object.preventExtensions(
    Object.create(prototypes.get(type)!, {
      type: { value: info },
      slot: { value: index },
      generation: { value: generation },
      title: { value: `${info.name}#${index}${generation > 0 ? `.${generation}` : ''}`, writable: true },
    }) as Shared,
  )) as T;
};

/** A record that is there before everything and never dies, like a sentinel. Call it where the record is declared. */
export const staticRecord = <T extends Shared>(type: RecordType<T>, title: string): T => {
  const info = infoOf(type);
  const record = slot(type, info.statics++);
  (record as { title: string }).title = title;
  return record;
};

export const isRecord = (value: Value): value is Shared => value instanceof Shared;

export const isStatic = (record: Shared): boolean => record.slot < record.type.statics;

/** The cell behind a lock, a count or a number of each thread, which a procedure can only pass on. */
export const cellOf = (handle: RefCount | Mutex | RwLock | PerThread): Cell => handle as unknown as Cell;

/** The effect of storing `value`, with the check of the declared range that every store has. */
export const storing = (field: Field, value: Value, result?: Value): Effect =>
  field.admits(value)
    ? done(value, result)
    : { kind: 'bound', message: `${field.name} cannot hold ${plain(value)} within the bounds of this check` };
