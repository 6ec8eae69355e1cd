import * as c from '../../src/machine/access.ts';
import type { Routine, Value } from '../../src/machine/operation.ts';
import { again, foreach, forever, procedure, type Procedure } from '../../src/machine/procedure.ts';
import type { Property, View } from '../../src/machine/property.ts';
import {
  count,
  flags,
  guardedBy,
  mutex,
  owned,
  pointer,
  queued,
  rwlock,
  Shared,
  slot,
  word,
} from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';
import type { Amount, Body, Claim, DrawnProcedure, DrawnProgram, Place, Pointer, Statement } from './drawnProgram.ts';

/**
 * What a drawn program means: procedures of the notation that interpret its statements, and the world that they run in. It is
 * long because it is one switch over all statements.
 */

class Item extends Shared {
  o = owned(word(0, 2, 'for the owner'));
  q = queued(word(0, 2, 'for the owner, or whoever works on the queue'));
  s = word(0, 2, 'for anybody');
}
class Box extends Shared {
  a = word(0, 3, 'a number');
  b = word(0, 3, 'a number');
  f = flags({ ONE: 1, TWO: 2 }, 'two bits');
  next: Box = pointer(() => Box, 'another box');
  item: Item = pointer(() => Item, 'an item on its way');
  mtx = mutex('a mutex');
  rw = rwlock('an rwlock');
  refs = count(2, 'references');
}
class Desk extends Shared {
  mtx = mutex('guards g');
  g = guardedBy('mtx', word(0, 2, 'a number'));
}

type Locals = { p: Box | null; i: Item | null; n: number };

export const build = (
  program: DrawnProgram,
): { world: World; properties: readonly Property[]; procedures: readonly Routine[] } => {
  const world = new World(new Map(), program.generations);
  const x = world.make(Box, 'x', { refs: 1 });
  const y = world.make(Box, 'y', { refs: 1 });
  const desk = world.make(Desk, 'desk');
  world.reserve(Box, program.boxes);
  world.reserve(Item, 3);
  const place = (of: Pointer | 'unused'): Box | null => {
    if (of === 'unused') return slot(Box, 2);
    return of === 'x' ? x : of === 'y' ? y : null;
  };
  world.set(x, { next: place(program.next[0]) });
  world.set(y, { next: place(program.next[1]) });
  const interpreter = new Interpreter(program, x, y, desk);
  for (const [i, cpu] of program.cpus.entries())
    world.run(`cpu${i}`, interpreter.procedures[cpu.procedure]!, place(cpu.p), cpu.n);
  const properties = program.claims.map((claim, i) => propertyOf(claim, i, x, y));
  return { world, properties, procedures: interpreter.procedures };
};

const propertyOf = (claim: Claim, number: number, x: Box, y: Box): Property => ({
  name: `claim ${number}`,
  kind: claim[0],
  sentence: claim.join(' '),
  holds: (view) => isSo(claim, view, x, y) || 'it does not hold',
});

const isSo = (claim: Claim, view: View, x: Box, y: Box): boolean => {
  switch (claim[1]) {
    case 'word':
      return (claim[2] === 'x' ? x : y)[claim[3]] !== claim[4];
    case 'pair':
      return x[claim[2]] !== claim[3] || y[claim[4]] !== claim[5];
    case 'boxes':
      return view.records(Box).length < claim[2];
    case 'reborn':
      return view.records(Box).every((box) => box.generation === 0);
    case 'sections':
      return view.sections(claim[2]) === 0;
    case 'holder':
      return view.holder(claim[2] === 'x' ? x : y, 'mtx') === null;
  }
};

type DrawnRoutine = Procedure<[Box | null, number], Value>;

class Interpreter {
  readonly #program: DrawnProgram;
  readonly #x: Box;
  readonly #y: Box;
  readonly #desk: Desk;
  readonly procedures: readonly DrawnRoutine[];
  readonly callbacks: readonly Procedure<[Box], void>[];

  constructor(program: DrawnProgram, x: Box, y: Box, desk: Desk) {
    this.#program = program;
    this.#x = x;
    this.#y = y;
    this.#desk = desk;
    this.procedures = program.procedures.map((drawn) => this.#routine(drawn) as unknown as DrawnRoutine);
    this.callbacks = program.callbacks.map((drawn) => this.#routine(drawn) as unknown as Procedure<[Box], void>);
  }

  #routine(drawn: DrawnProcedure): Routine {
    const run = this.#run.bind(this, drawn);
    return procedure('', function drawnProcedure(p: Box | null, n: number | undefined) {
      return run(p, n);
    });
  }

  #run({ body, ending }: DrawnProcedure, p: Box | null, n = 0): Value | ReturnType<typeof again> {
    const locals: Locals = { p, i: null, n };
    this.#body(body, locals);
    if (ending === 'return n') return locals.n;
    if (ending === 'return p') return locals.p;
    if (ending === 'free p') this.#statement(['free', 'p'], locals);
    return ending === 'again' && n > 0 ? again(locals.p, n - 1) : undefined;
  }

  #body(body: Body, locals: Locals): void {
    for (const statement of body) this.#statement(statement, locals);
  }

  #pointer(of: Pointer, locals: Locals): Box | null {
    return of === 'x' ? this.#x : of === 'y' ? this.#y : of === 'p' ? locals.p : null;
  }

  /** Whether the statement is left out because its pointer is NULL. */
  #skipped(statement: Statement, { p, i }: Locals): boolean {
    if (!this.#program.careful) return false;
    return (
      (p === null && statement[1] === 'p' && statement[0] !== 'foreach') || (i === null && needsItem.has(statement[0]))
    );
  }

  #statement(statement: Statement, locals: Locals): void {
    if (this.#skipped(statement, locals)) return;
    const box = (of: Place): Box => this.#pointer(of, locals)!;
    const amount = (value: Amount): number => (value === 'n' ? Math.min(locals.n, 2) : value);
    const desk = this.#desk;
    switch (statement[0]) {
      case 'load':
        locals.n = box(statement[1])[statement[2]];
        return;
      case 'store':
        box(statement[1])[statement[2]] = amount(statement[3]);
        return;
      case 'cmpset':
        locals.n = Number(c.atomic_cmpset(box(statement[1]), statement[2], amount(statement[3]), amount(statement[4])));
        return;
      case 'fetchadd':
        locals.n = c.atomic_fetchadd(box(statement[1]), statement[2], 1);
        return;
      case 'set bits':
        return void c.atomic_set(box(statement[1]), 'f', statement[2]);
      case 'clear bits':
        return void c.atomic_clear(box(statement[1]), 'f', statement[2]);
      case 'load next':
        locals.p = box(statement[1]).next;
        return;
      case 'store next':
        box(statement[1]).next = this.#pointer(statement[2], locals)!;
        return;
      case 'cmpset next': {
        const [, of, expect, value] = statement;
        locals.n = Number(
          c.atomic_cmpset(box(of), 'next', this.#pointer(expect, locals)!, this.#pointer(value, locals)!),
        );
        return;
      }
      case 'lock':
        return c.mtx_lock(box(statement[1]).mtx);
      case 'unlock':
        return c.mtx_unlock(box(statement[1]).mtx);
      case 'destroy':
        return c.mtx_destroy(box(statement[1]).mtx);
      case 'rlock':
        return c.rw_rlock(box(statement[1]).rw);
      case 'runlock':
        return c.rw_runlock(box(statement[1]).rw);
      case 'wlock':
        return c.rw_wlock(box(statement[1]).rw);
      case 'wunlock':
        return c.rw_wunlock(box(statement[1]).rw);
      case 'locked': {
        const held = box(statement[1]);
        c.mtx_lock(held.mtx);
        this.#body(statement[2], locals);
        return c.mtx_unlock(held.mtx);
      }
      case 'rlocked': {
        const held = box(statement[1]);
        c.rw_rlock(held.rw);
        this.#body(statement[2], locals);
        return c.rw_runlock(held.rw);
      }
      case 'wlocked': {
        const held = box(statement[1]);
        c.rw_wlock(held.rw);
        this.#body(statement[2], locals);
        return c.rw_wunlock(held.rw);
      }
      case 'guarded load':
        locals.n = desk.g;
        return;
      case 'guarded store':
        desk.g = amount(statement[1]);
        return;
      case 'at the desk':
        c.mtx_lock(desk.mtx);
        this.#body(statement[1], locals);
        return c.mtx_unlock(desk.mtx);
      case 'acquire':
        return c.refcount_acquire(box(statement[1]).refs);
      case 'try acquire':
        locals.n = Number(c.refcount_acquire_if_not_zero(box(statement[1]).refs));
        return;
      case 'release':
        locals.n = Number(c.refcount_release(box(statement[1]).refs));
        return;
      case 'alloc':
        locals.p = c.alloc(Box);
        return;
      case 'free':
        return c.free(box(statement[1]));
      case 'defer':
        return c.NET_EPOCH_CALL(this.callbacks[statement[2]]!, box(statement[1]));
      case 'enter':
        return c.NET_EPOCH_ENTER();
      case 'exit':
        return c.NET_EPOCH_EXIT();
      case 'may sleep':
        return c.maySleep();
      case 'section':
        c.NET_EPOCH_ENTER();
        this.#body(statement[1], locals);
        return c.NET_EPOCH_EXIT();
      case 'nested section':
        c.NET_EPOCH_ENTER();
        this.#statement(['section', statement[1]], locals);
        locals.n = this.#x.a;
        return c.NET_EPOCH_EXIT();
      case 'with box':
        this.#body(statement[1], (locals = { ...locals, p: c.alloc(Box) }));
        return this.#statement(['free', 'p'], locals);
      case 'with deferred box':
        this.#body(statement[2], (locals = { ...locals, p: c.alloc(Box) }));
        return this.#statement(['defer', 'p', statement[1]], locals);
      case 'with item':
        this.#body(statement[1], (locals = { ...locals, i: c.allocOwned(Item) }));
        return locals.i === null ? undefined : this.#statement(['free item'], locals);
      case 'new item':
        locals.i = c.alloc(Item);
        return;
      case 'new item owned':
        locals.i = c.allocOwned(Item);
        return;
      case 'free item':
        c.free(locals.i!);
        locals.i = null;
        return;
      case 'free item owned':
        c.freeOwned(locals.i!);
        locals.i = null;
        return;
      case 'item load':
        locals.n = locals.i![statement[1]];
        return;
      case 'item store':
        locals.i![statement[1]] = amount(statement[2]);
        return;
      case 'give':
        c.handOver(locals.i!);
        box(statement[1]).item = locals.i!;
        locals.i = null;
        return;
      case 'show':
        box(statement[1]).item = locals.i!;
        return;
      case 'peek':
        locals.i = box(statement[1]).item;
        return;
      case 'take':
        locals.i = c.atomically(() => {
          const item = box(statement[1]).item;
          box(statement[1]).item = null!;
          if (item !== null) c.takeOver(item);
          return item;
        });
        return;
      case 'choose':
        locals.n = c.choose(statement[1]);
        return;
      case 'roll':
        locals.n = c.choose(statement[1]);
        return c.KASSERT(locals.n !== statement[2], `not ${statement[2]}`);
      case 'atomically':
        return c.atomically(() => this.#body(statement[1], locals));
      case 'wait until':
        return c.wait_until(() => box(statement[1])[statement[2]] === amount(statement[3]));
      case 'idle until':
        return c.idle_until(() => box(statement[1])[statement[2]] === amount(statement[3]));
      case 'if':
        return this.#body(locals.n === statement[1] ? statement[2] : statement[3], locals);
      case 'call':
        return this.#call(statement, locals);
      case 'joined':
        return c.atomically(() => {
          this.#x.a = 1;
          this.#call(statement, locals);
        });
      case 'forever': {
        const left = forever(() => {
          const own = { ...locals, n: box(statement[2])[statement[3]] };
          this.#body(statement[4], own);
          return own.n === statement[1] ? own.n : undefined;
        });
        locals.n = left;
        return;
      }
      case 'foreach':
        foreach(
          this.#pointer(statement[1], locals),
          (element) => element.next,
          (element) => this.#body(statement[2], { ...locals, p: element }),
        );
        return;
      case 'kassert':
        return c.KASSERT(locals.n !== statement[1], `n is ${statement[1]}`);
      case 'panic':
        return c.panic('drawn');
    }
  }

  #call([, number, p, n, use]: Extract<Statement, readonly ['call' | 'joined', ...unknown[]]>, locals: Locals): void {
    const value = this.procedures[number]!(this.#pointer(p, locals), n === 'n' ? locals.n : n);
    if (use === 'unused') return;
    if (typeof value === 'number') locals.n = value;
    else locals.p = value instanceof Box ? value : null;
  }
}

const needsItem: ReadonlySet<string> = new Set([
  'free item',
  'free item owned',
  'item load',
  'item store',
  'give',
  'show',
]);
