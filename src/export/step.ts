import { FREED, HANDED_OVER, LIVE, RUNNING, UNUSED, type Bits } from '../explore/layout.ts';
import { EXITED, RESTING } from '../explore/local.ts';
import { holdersOf, isLock } from '../explore/lock.ts';
import type { Model } from '../explore/model.ts';
import * as does from '../explore/program.ts';
import type { Row } from '../explore/program.ts';
import type { Variable, Variables } from './variables.ts';

/** One way in which a step of a CPU can go: on what condition, and what it then changes; null: it fails. */
export type Way = { readonly conditions: readonly string[]; readonly changes: readonly string[] | null };

/**
 * The ways of a step, written down from the tables of the closed automata and not from the state loop: what another checker
 * finds on them speaks about the loop too.
 *
 * A way is one value of each variable that the step looks at, among those that are seen in some state. What the step itself has
 * changed is known from then on. So a step with its fused operations becomes conditions on the state before it and a list of assignments.
 */
export const waysOf = (model: Model, variables: Variables, cpu: number, local: number): readonly Way[] => {
  const { layout } = model;
  const here = new Path(variables, [], [], new Map()).where(layout.locals[cpu]!, local);
  if (local === EXITED) return [];
  return local === RESTING ? callbacks(model, here, cpu) : operation(model, here, cpu, local);
};

/** What has been looked at and changed on the way so far. */
class Path {
  readonly variables: Variables;
  readonly conditions: readonly string[];
  readonly changes: readonly string[];
  readonly known: ReadonlyMap<Variable, number | null>;

  constructor(
    variables: Variables,
    conditions: readonly string[],
    changes: readonly string[],
    known: ReadonlyMap<Variable, number | null>,
  ) {
    this.variables = variables;
    this.conditions = conditions;
    this.changes = changes;
    this.known = known;
  }

  where(bits: Bits, value: number): Path {
    const variable = this.variables.at(bits)!;
    return this.when(`${variable.name} == ${value}`, new Map([...this.known, [variable, value]]));
  }

  when(condition: string, known = this.known): Path {
    return new Path(this.variables, [...this.conditions, condition], this.changes, known);
  }

  /** Goes on for each value that these bits can have here. */
  look(bits: Bits, on: (value: number, path: Path) => readonly Way[]): readonly Way[] {
    const variable = this.variables.at(bits);
    if (variable === null) return on(0, this);
    const known = this.known.get(variable);
    if (known === null) throw new Error(`[suite bug] ${variable.name} is read after it was computed in the same step`);
    if (known !== undefined) return on(known, this);
    return variable.seen.flatMap((value) => on(value, this.where(bits, value)));
  }

  put(bits: Bits, value: number): Path {
    const variable = this.variables.at(bits);
    return variable === null || this.known.get(variable) === value ? this : this.#change(variable, `${value}`, value);
  }

  compute(bits: Bits, expression: (name: string) => string): Path {
    const variable = this.variables.at(bits)!;
    return this.#change(variable, expression(variable.name), null);
  }

  #change(variable: Variable, text: string, value: number | null): Path {
    const known = new Map([...this.known, [variable, value]]);
    return new Path(this.variables, this.conditions, [...this.changes, `${variable.name} = ${text}`], known);
  }

  /** That some bits have one of some values, in the state before the step; true or false where that is known already. */
  among(bits: Bits, values: readonly number[]): string {
    const variable = this.variables.at(bits);
    const known = variable === null ? 0 : this.known.get(variable);
    if (known !== undefined && known !== null) return values.includes(known) ? 'true' : 'false';
    const possible = variable!.seen.filter((value) => values.includes(value));
    return possible.length === 0
      ? 'false'
      : `(${possible.map((value) => `${variable!.name} == ${value}`).join(' || ')})`;
  }

  done(): readonly Way[] {
    return [{ conditions: this.conditions, changes: this.changes }];
  }

  fails(): readonly Way[] {
    return [{ conditions: this.conditions, changes: null }];
  }
}

const callbacks = ({ layout, automata, locals, world }: Model, path: Path, cpu: number): readonly Way[] =>
  layout.records.flatMap(({ record, life, grace, callback, generation }) =>
    grace === null
      ? []
      : path
          .where(life!, HANDED_OVER)
          .where(grace, 0)
          .look(callback, (which, chosen) =>
            chosen.look(generation, (age, known) => {
              const procedure = automata.callbacks.get(record)![which]!;
              const entry = locals.entry(automata.callback(procedure, world.inLife(record, age)));
              return known
                .put(life!, RUNNING)
                .put(layout.locals[cpu]!, entry === EXITED ? RESTING : entry)
                .done();
            }),
          ),
  );

const operation = (model: Model, path: Path, cpu: number, local: number): readonly Way[] => {
  const row = model.program.rows[model.locals.topClass[local]!]!;
  return ifAlive(row, path, (alive) =>
    ifAllowed(row, alive, cpu, (allowed) =>
      effect(model, row, allowed, cpu, (result, after) => goOn(model, after, cpu, local, result)),
    ),
  );
};

const ifAlive = (row: Row, path: Path, on: (path: Path) => readonly Way[]): readonly Way[] =>
  row.life.mask === 0
    ? on(path)
    : path.look(row.life, (life, seen) => {
        if (life === UNUSED || life === FREED) return seen.fails();
        return seen.look(row.generationBits, (generation, known) =>
          row.generationBits.mask !== 0 && generation !== row.generation ? known.fails() : on(known),
        );
      });

const ifAllowed = (row: Row, path: Path, cpu: number, on: (path: Path) => readonly Way[]): readonly Way[] => {
  const guarded = (owned: Path): readonly Way[] =>
    row.guardedBy === null
      ? on(owned)
      : owned.look(row.guard, (holder, known) => (holder === row.guardedBy![cpu] ? on(known) : known.fails()));
  if (row.owner.mask === 0) return guarded(path);
  return path.look(row.owner, (owner, known) =>
    owner === cpu + 1 || (owner === 0 && row.ownerOrNobody) ? guarded(known) : known.fails(),
  );
};

type After = (result: number, path: Path) => readonly Way[];

/** What the operation does, by its opcode. */
const effect = (model: Model, row: Row, path: Path, cpu: number, on: After): readonly Way[] => {
  const { layout } = model;
  const bits = row.touches === null ? null : layout.recordBits(row.touches);
  const sections = layout.sections[cpu]!;
  switch (row.opcode) {
    case does.CELL:
      return path.look(row.bits, (old, known) => {
        const at = (row.perCpu ? cpu * row.stride : 0) + old;
        const outcome = row.outcome[at]!;
        if (outcome === does.IMPOSSIBLE) return [];
        return outcome < 0 ? known.fails() : on(outcome, known.put(row.bits, row.becomes[at]!));
      });
    case does.ALLOC:
      return allocate(model, row, path, cpu, 0, on);
    case does.FREE:
      return path.look(bits!.life!, (life, known) => {
        if (life === HANDED_OVER) return known.fails();
        const held = anyOf(
          bits!.cells
            .filter(({ cell: { field } }) => isLock(field))
            .map(({ cell, bits: lock }) =>
              known.among(
                lock,
                numbersOf(cell.values, (value) => holdersOf(cell.field, value).some((holder) => holder !== cpu)),
              ),
            ),
        );
        return either(held, known, (free) => on(0, zeroed(bits!, free.put(bits!.life!, FREED))));
      });
    case does.HAND_OVER:
      return on(0, path.put(bits!.owner!, 0));
    case does.TAKE_OVER:
      return on(0, path.put(bits!.owner!, cpu + 1));
    case does.EPOCH_ENTER:
      return path.look(sections, (open, known) =>
        open + 1 > sections.mask ? known.fails() : on(0, known.put(sections, open + 1)),
      );
    case does.EPOCH_EXIT:
      return path.look(sections, (open, known) => {
        if (open === 0) return known.fails();
        const left = known.put(sections, open - 1);
        const graces = open > 1 ? [] : layout.records.flatMap(({ grace }) => (grace === null ? [] : [grace]));
        return on(
          0,
          graces.reduce((all, grace) => all.compute(grace, (name) => `${name} & ${grace.mask & ~(1 << cpu)}`), left),
        );
      });
    case does.EPOCH_CALL:
      return path.look(bits!.life!, (life, known) => {
        if (life !== LIVE) return known.fails();
        const waits = layout.sections.flatMap((open, other) => {
          const variable = known.variables.at(open);
          return variable === null ? [] : [`(${variable.name} > 0 -> ${1 << other} : 0)`];
        });
        const called = known.put(bits!.life!, HANDED_OVER).put(bits!.callback, row.callback);
        return on(
          0,
          called.compute(bits!.grace!, () => (waits.length === 0 ? '0' : waits.join(' | '))),
        );
      });
    case does.MAY_SLEEP:
      return path.look(sections, (open, known) => (open > 0 ? known.fails() : on(0, known)));
    case does.CHOOSE:
      return Array.from({ length: row.count }, (_, pick) => pick).flatMap((pick) => on(pick, path));
    case does.BLOCKED:
      return [];
    default:
      return path.fails();
  }
};

const allocate = (model: Model, row: Row, path: Path, cpu: number, tried: number, on: After): readonly Way[] => {
  const record = row.candidates[tried];
  if (record === undefined) return path.fails();
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

const zeroed = (bits: ReturnType<Model['layout']['recordBits']>, path: Path): Path => {
  const cells = bits.cells.reduce((all, { cell, bits: at }) => all.put(at, cell.index.get(cell.field.zero)!), path);
  return [bits.owner, bits.grace, bits.callback].reduce((all, at) => (at === null ? all : all.put(at, 0)), cells);
};

/** Where the CPU stands after an answer: at the end of its program, in a fused operation, or at its next step. */
const goOn = (model: Model, path: Path, cpu: number, local: number, result: number): readonly Way[] => {
  const { locals, program, layout, automata } = model;
  const value = program.rows[locals.topClass[local]!]!.results[result]!;
  const after = locals.after(local, value);
  if (after === EXITED) {
    const rest = automata.usesEpoch && cpu === layout.locals.length - 1 ? RESTING : EXITED;
    return either(keeps(model, path, cpu), path, (free) => free.put(layout.locals[cpu]!, rest).done());
  }
  if (after > RESTING && program.rows[locals.topClass[after]!]!.fused) return operation(model, path, cpu, after);
  return path.put(layout.locals[cpu]!, after).done();
};

/** That the CPU still has what nobody may have when its program is over: a lock, or a section. */
const keeps = ({ layout }: Model, path: Path, cpu: number): string => {
  const locks = layout.records.flatMap(({ cells }) =>
    cells
      .filter(({ cell: { field } }) => isLock(field))
      .map(({ cell, bits }) =>
        path.among(
          bits,
          numbersOf(cell.values, (value) => holdersOf(cell.field, value).includes(cpu)),
        ),
      ),
  );
  const sections = layout.sections[cpu]!;
  const open = Array.from({ length: sections.mask }, (_, i) => i + 1);
  return anyOf([...locks, path.among(sections, open)]);
};

const numbersOf = <T>(values: readonly T[], which: (value: T) => boolean): readonly number[] =>
  values.flatMap((value, number) => (which(value) ? [number] : []));

const anyOf = (conditions: readonly string[]): string => {
  if (conditions.includes('true')) return 'true';
  return conditions.filter((condition) => condition !== 'false').join(' || ') || 'false';
};

/** Fails where the condition is true, and goes on where it is not. */
const either = (wrong: string, path: Path, on: (path: Path) => readonly Way[]): readonly Way[] => {
  if (wrong === 'true') return path.fails();
  return wrong === 'false' ? on(path) : [...path.when(`(${wrong})`).fails(), ...on(path.when(`!(${wrong})`))];
};
