import { FREED, HANDED_OVER, LIVE, RUNNING, UNUSED, type Bits, type RecordBits } from '../explore/model/layout.ts';
import { EXITED, RESTING } from '../explore/model/local.ts';
import { holdersOf, isLock } from '../explore/model/lock.ts';
import type { Model } from '../explore/model/model.ts';
import * as does from '../explore/model/program.ts';
import type { Row } from '../explore/model/program.ts';
import { choose, FAILS, look, NEVER, type Among, type Bit, type Decision, type Sum } from './decision.ts';
import type { Variable, Variables } from './variables.ts';

/**
 * What a CPU that is in a local state does next, written down from the tables of the closed automata and not from the state loop: what another
 * checker finds on it speaks about the loop too.
 *
 * The step looks at each variable once, for each value that is seen in some state. What it has changed itself is known from then on. So a
 * step with its fused operations becomes questions to the state before it and a list of changes.
 */
export const stepOf = (model: Model, variables: Variables, cpu: number, local: number): Decision => {
  if (local === EXITED) return NEVER;
  const here = new Path(variables, new Map([[variables.at(model.layout.locals[cpu]!)!, local]]), new Map());
  return local === RESTING ? callbacks(model, here, cpu) : operation(model, here, cpu, local);
};

/** What has been looked at and changed on the way so far. */
class Path {
  readonly variables: Variables;
  readonly #before: ReadonlyMap<Variable, number>;
  readonly #changes: ReadonlyMap<Variable, Sum>;

  constructor(variables: Variables, before: ReadonlyMap<Variable, number>, changes: ReadonlyMap<Variable, Sum>) {
    this.variables = variables;
    this.#before = before;
    this.#changes = changes;
  }

  /** Goes on for each value that these bits can have here. */
  look(bits: Bits, on: (value: number, path: Path) => Decision): Decision {
    const variable = this.variables.at(bits);
    const known = this.#known(variable);
    if (known !== undefined) return on(known, this);
    return look(
      variable!,
      variable!.seen.map((value) => ({ value, next: on(value, this.#having(variable!, value)) })),
    );
  }

  /** Goes on where these bits have this value. */
  where(bits: Bits, value: number, on: (path: Path) => Decision): Decision {
    return this.look(bits, (now, path) => (now === value ? on(path) : NEVER));
  }

  put(bits: Bits, value: number): Path {
    const variable = this.variables.at(bits);
    return variable === null ? this : this.#putting(variable, { fixed: value, bits: [] });
  }

  /** Puts the sum of those `bit`s whose variable is not zero here. */
  putBits(bits: Bits, all: readonly { readonly bit: number; readonly unlessZero: Bits }[]): Path {
    let fixed = 0;
    const open: Bit[] = [];
    for (const { bit, unlessZero } of all) {
      const variable = this.variables.at(unlessZero);
      const known = this.#known(variable);
      const values = variable === null ? [] : variable.seen.filter((value) => value > 0);
      if (known !== undefined) fixed += known > 0 ? bit : 0;
      else if (values.length > 0) open.push({ bit, when: { variable: variable!, values } });
    }
    return this.#putting(this.variables.at(bits)!, { fixed, bits: open });
  }

  /** Takes one bit out. */
  clear(bits: Bits, bit: number): Path {
    const variable = this.variables.at(bits)!;
    const change = this.#changes.get(variable);
    const sum = change ?? {
      fixed: this.#before.get(variable) ?? 0,
      bits: this.#before.has(variable) ? [] : bitsOf(variable),
    };
    const left = { fixed: sum.fixed & ~bit, bits: sum.bits.filter((each) => each.bit !== bit) };
    const same = left.fixed === sum.fixed && left.bits.length === sum.bits.length;
    return same ? this : this.#putting(variable, left);
  }

  #having(variable: Variable, value: number): Path {
    return new Path(this.variables, new Map([...this.#before, [variable, value]]), this.#changes);
  }

  #putting(variable: Variable, to: Sum): Path {
    return new Path(this.variables, this.#before, new Map([...this.#changes, [variable, to]]));
  }

  /** What a variable is here; undefined where it has not been looked at. What takes no bits is 0. */
  #known(variable: Variable | null): number | undefined {
    if (variable === null) return 0;
    const change = this.#changes.get(variable);
    if (change === undefined) return this.#before.get(variable);
    if (change.bits.length > 0)
      throw new Error(`[suite bug] ${variable.name} is read after it was computed in the same step`);
    return change.fixed;
  }

  /** Asks whether one of some bits has one of the values that go with it. */
  ask(all: readonly (readonly [Bits, readonly number[]])[], yes: Decision, no: (path: Path) => Decision): Decision {
    const any: Among[] = [];
    for (const [bits, wanted] of all) {
      const variable = this.variables.at(bits);
      const known = this.#known(variable);
      if (known !== undefined && wanted.includes(known)) return yes;
      const values = known !== undefined ? [] : variable!.seen.filter((value) => wanted.includes(value));
      if (values.length > 0) any.push({ variable: variable!, values });
    }
    return any.length === 0 ? no(this) : { kind: 'ask', any, yes, no: no(this) };
  }

  done(): Decision {
    const changes = [...this.#changes].map(([variable, to]) => ({ variable, to }));
    return {
      kind: 'goes',
      changes: changes.filter(({ variable, to }) => to.bits.length > 0 || to.fixed !== this.#before.get(variable)),
    };
  }
}

/** A variable as the sum of its bits, as far as some state has them. */
const bitsOf = (variable: Variable): readonly Bit[] =>
  Array.from({ length: 32 - Math.clz32(variable.bits.mask) }, (_, i) => 1 << i)
    .map((bit) => ({ bit, when: { variable, values: variable.seen.filter((value) => (value & bit) !== 0) } }))
    .filter(({ when }) => when.values.length > 0);

const callbacks = ({ layout, automata, locals, world }: Model, path: Path, cpu: number): Decision =>
  choose(
    layout.records.map(({ record, life, grace, callback, generation }) =>
      grace === null
        ? NEVER
        : path.where(life!, HANDED_OVER, (handedOver) =>
            handedOver.where(grace, 0, (over) =>
              over.look(callback, (which, chosen) =>
                chosen.look(generation, (age, known) => {
                  const procedure = automata.callbacks.get(record)![which]!;
                  const entry = locals.entry(automata.callback(procedure, world.inLife(record, age)));
                  return known
                    .put(life!, RUNNING)
                    .put(layout.locals[cpu]!, entry === EXITED ? RESTING : entry)
                    .done();
                }),
              ),
            ),
          ),
    ),
  );

const operation = (model: Model, path: Path, cpu: number, local: number): Decision => {
  const row = model.program.rows[model.locals.topClass[local]!]!;
  return ifAlive(row, path, (alive) =>
    ifAllowed(row, alive, cpu, (allowed) =>
      effect(model, row, allowed, cpu, (result, after) => goOn(model, after, cpu, local, result)),
    ),
  );
};

const ifAlive = (row: Row, path: Path, on: (path: Path) => Decision): Decision =>
  row.life.mask === 0
    ? on(path)
    : path.look(row.life, (life, seen) => {
        if (life === UNUSED || life === FREED) return FAILS;
        return seen.look(row.generationBits, (generation, known) =>
          row.generationBits.mask !== 0 && generation !== row.generation ? FAILS : on(known),
        );
      });

const ifAllowed = (row: Row, path: Path, cpu: number, on: (path: Path) => Decision): Decision => {
  const guarded = (owned: Path): Decision =>
    row.guardedBy === null
      ? on(owned)
      : owned.look(row.guard, (holder, known) => (holder === row.guardedBy![cpu] ? on(known) : FAILS));
  if (row.owner.mask === 0) return guarded(path);
  return path.look(row.owner, (owner, known) =>
    owner === cpu + 1 || (owner === 0 && row.ownerOrNobody) ? guarded(known) : FAILS,
  );
};

type After = (result: number, path: Path) => Decision;

/** What the operation does, by its opcode. */
const effect = (model: Model, row: Row, path: Path, cpu: number, on: After): Decision => {
  const { layout } = model;
  const bits = row.touches === null ? null : layout.recordBits(row.touches);
  const sections = layout.sections[cpu]!;
  switch (row.opcode) {
    case does.CELL:
      return path.look(row.bits, (old, known) => {
        const at = (row.perCpu ? cpu * row.stride : 0) + old;
        const outcome = row.outcome[at]!;
        if (outcome === does.IMPOSSIBLE) return NEVER;
        return outcome < 0 ? FAILS : on(outcome, known.put(row.bits, row.becomes[at]!));
      });
    case does.ALLOC:
      return allocate(model, row, path, cpu, 0, on);
    case does.FREE:
      return path.look(bits!.life!, (life, known) => {
        if (life === HANDED_OVER) return FAILS;
        return known.ask(
          locksHeld(bits!, (holders) => holders.some((holder) => holder !== cpu)),
          FAILS,
          (free) => on(0, zeroed(bits!, free.put(bits!.life!, FREED))),
        );
      });
    case does.HAND_OVER:
      return on(0, path.put(bits!.owner!, 0));
    case does.TAKE_OVER:
      return on(0, path.put(bits!.owner!, cpu + 1));
    case does.EPOCH_ENTER:
      return path.look(sections, (open, known) =>
        open + 1 > sections.mask ? FAILS : on(0, known.put(sections, open + 1)),
      );
    case does.EPOCH_EXIT:
      return path.look(sections, (open, known) => {
        if (open === 0) return FAILS;
        const left = known.put(sections, open - 1);
        const graces = open > 1 ? [] : layout.records.flatMap(({ grace }) => (grace === null ? [] : [grace]));
        return on(
          0,
          graces.reduce((all, grace) => all.clear(grace, 1 << cpu), left),
        );
      });
    case does.EPOCH_CALL:
      return path.look(bits!.life!, (life, known) => {
        if (life !== LIVE) return FAILS;
        const waits = layout.sections.map((open, other) => ({ bit: 1 << other, unlessZero: open }));
        const called = known.put(bits!.life!, HANDED_OVER).put(bits!.callback, row.callback);
        return on(0, called.putBits(bits!.grace!, waits));
      });
    case does.MAY_SLEEP:
      return path.look(sections, (open, known) => (open > 0 ? FAILS : on(0, known)));
    case does.CHOOSE:
      return choose(Array.from({ length: row.count }, (_, pick) => on(pick, path)));
    case does.BLOCKED:
      return NEVER;
    default:
      return FAILS;
  }
};

const allocate = (model: Model, row: Row, path: Path, cpu: number, tried: number, on: After): Decision => {
  const record = row.candidates[tried];
  if (record === undefined) return FAILS;
  const { life, generation, owner } = model.layout.recordBits(record);
  return path.look(life!, (now, seen) =>
    seen.look(generation, (age, known) => {
      const again = now === FREED && age + 1 < model.world.generations;
      if (!again && now !== UNUSED) return allocate(model, row, known, cpu, tried + 1, on);
      const next = again ? age + 1 : age;
      const live = known.put(life!, LIVE).put(generation, next);
      const owned = owner === null ? live : live.put(owner, cpu + 1);
      return on(row.results.indexOf(model.world.inLife(record, next)), owned);
    }),
  );
};

const zeroed = (bits: RecordBits, path: Path): Path => {
  const cells = bits.cells.reduce((all, { cell, bits: at }) => all.put(at, cell.index.get(cell.field.zero)!), path);
  return [bits.owner, bits.grace, bits.callback].reduce((all, at) => (at === null ? all : all.put(at, 0)), cells);
};

/** Where the CPU stands after an answer: at the end of its program, in a fused operation, or at its next step. */
const goOn = (model: Model, path: Path, cpu: number, local: number, result: number): Decision => {
  const { locals, program, layout, automata } = model;
  const value = program.rows[locals.topClass[local]!]!.results[result]!;
  const after = locals.after(local, value);
  if (after === EXITED) {
    const rest = automata.usesEpoch && cpu === layout.locals.length - 1 ? RESTING : EXITED;
    return path.ask(kept(model, cpu), FAILS, (free) => free.put(layout.locals[cpu]!, rest).done());
  }
  if (after > RESTING && program.rows[locals.topClass[after]!]!.fused) return operation(model, path, cpu, after);
  return path.put(layout.locals[cpu]!, after).done();
};

/** What nobody may have when its program is over: a lock, or a section. */
const kept = ({ layout }: Model, cpu: number): readonly (readonly [Bits, readonly number[]])[] => {
  const sections = layout.sections[cpu]!;
  return [
    ...layout.records.flatMap((bits) => locksHeld(bits, (holders) => holders.includes(cpu))),
    [sections, Array.from({ length: sections.mask }, (_, i) => i + 1)],
  ];
};

/** The locks of a record, each with the numbers that mean that it is held by such CPUs. */
const locksHeld = (
  { cells }: RecordBits,
  by: (holders: readonly number[]) => boolean,
): readonly (readonly [Bits, readonly number[]])[] =>
  cells
    .filter(({ cell: { field } }) => isLock(field))
    .map(({ cell: { field, values }, bits }) => [
      bits,
      values.flatMap((value, number) => (by(holdersOf(field, value)) ? [number] : [])),
    ]);
