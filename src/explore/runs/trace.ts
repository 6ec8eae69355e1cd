import { isRecord, type Shared } from '../../machine/record.ts';
import type { Routine, Value } from '../../machine/operation.ts';
import type { Ending, FailedStep, Search } from '../search/search.ts';
import { RUNNING, type Bits } from '../model/layout.ts';
import { Stacks } from './stacks.ts';
import { actionOf, type Frame } from '../automata/frame.ts';
import type { Label } from '../automata/label.ts';
import type { Model } from '../model/model.ts';
import type { Renaming } from '../model/peers.ts';
import { CALLBACK, choiceBetween, type Choice } from '../search/next.ts';
import type { Step, Trace } from '../search/verdict.ts';

/** The run that led a search to what it found; null when the finding is not about one run. */
export const traceOf = (
  model: Model,
  { visited, symmetry }: Pick<Search, 'visited' | 'symmetry'>,
  ending: Ending,
): Trace | null => {
  if (ending.kind !== 'found' || ending.at < 0) return null;
  const indices: number[] = [];
  for (let at = ending.at; at >= 0; at = visited.parent(at)) indices.unshift(at);
  const stateOf = (index: number): Int32Array => {
    const state = new Int32Array(model.layout.words);
    visited.read(index, state);
    return state;
  };
  const narrator = new Narrator(model);
  /** By CPU of the form: which one of the run it is. */
  let real: Renaming = model.cpuNames.map((_, cpu) => cpu);
  const steps = indices.slice(1).map((index, i) => {
    const { cpu, picks } = choiceBetween(model, stateOf(indices[i]!), stateOf(index), symmetry);
    const step = narrator.onward({ cpu: real[cpu]!, picks });
    const before = real;
    if (symmetry !== null && symmetry.was !== null) real = symmetry.was.map((was) => before[was]!);
    return step;
  });
  if (ending.by !== null) steps.push(narrator.failing({ ...ending.by, cpu: real[ending.by.cpu]! }));
  const circle = ending.circle === undefined || ending.circle.length === 0 ? null : steps.length;
  for (const move of ending.circle ?? []) steps.push(narrator.along(move, stateOf(move.to)));
  return { cpus: model.cpuNames, steps, circle, over: ending.over === true };
};

/** Tells a run step by step, from the beginning. */
export class Narrator {
  readonly #model: Model;
  readonly #stacks: Stacks;
  #state: Int32Array;

  constructor(model: Model) {
    this.#model = model;
    this.#stacks = new Stacks(model);
    model.stepper.begin();
    this.#state = model.stepper.state.slice();
  }

  /** The step that leads to some state. */
  onward({ cpu, picks }: Choice): Step {
    const { stepper } = this.#model;
    stepper.state.set(this.#state);
    stepper.setPicks(picks);
    stepper.advance(cpu);
    const step = this.done(cpu, stepper.state.slice());
    stepper.resetPicks();
    return step;
  }

  /** The given step, which leads to `after`, or to no state when it fails. */
  along({ cpu, picks, upTo }: FailedStep, after: Int32Array | null): Step {
    const { stepper } = this.#model;
    stepper.state.set(this.#state);
    stepper.setPicks(picks);
    stepper.advance(cpu);
    const step = this.done(cpu, after, upTo);
    stepper.resetPicks();
    return step;
  }

  failing(step: FailedStep): Step {
    return this.along(step, null);
  }

  /**
   * The step that the stepper has just done from the state that was told last. `after`: null when it failed. `upTo`: how many of its
   * accesses are told.
   */
  done(cpu: number, after: Int32Array | null, upTo = Infinity): Step {
    const before = this.#state;
    const { stepper } = this.#model;
    const picks = stepper.picksTaken();
    const length = Math.min(stepper.pathLength(), upTo);
    if (after !== null) this.#state = after;
    if (length === 0) return this.#startOfCallback(cpu, picks, before, after!);
    const stack = this.#stacks.of(cpu).filter(({ instance }) => instance.within === null);
    const label = this.#labelAt(0);
    // A step that fails is shown where it fails, which can be in an operation that belongs to it.
    const { c, spec } = this.#labelAt(after === null ? length - 1 : 0);
    const actions: string[] = [];
    for (let i = 0; i < length; i++) {
      const frame = this.#stacks.of(cpu).at(-1)!;
      const fails = after === null && i === length - 1;
      actions.push(chosen(frame, () => stepper.answer(i)) ?? did(this.#model, frame, fails ? null : before));
      if (i < length - 1 || after !== null) this.#stacks.receive(cpu, stepper.answer(i));
    }
    return {
      cpu,
      step: label.name,
      picks,
      c,
      spec,
      stack: stack.map((frame) => showCall(this.#model, frame)),
      did: actions.join('; '),
      changes: after === null ? [] : changes(this.#model, before, after),
    };
  }

  #labelAt(i: number): Label {
    const { stepper, locals, labelOf } = this.#model;
    return labelOf(locals.topClass[stepper.trail[i]!]!);
  }

  #startOfCallback(cpu: number, picks: readonly number[], before: Int32Array, after: Int32Array): Step {
    const { layout, automata, world } = this.#model;
    const { record, callback, generation } = layout.records.find(
      ({ life }) => life !== null && bitsOf(after, life) === RUNNING && bitsOf(before, life) !== RUNNING,
    )!;
    const procedure = automata.callbacks.get(record)![bitsOf(after, callback)]!;
    const entry = automata.callback(procedure, world.inLife(record, bitsOf(after, generation)));
    this.#stacks.start(cpu, entry);
    const said = `starts ${showCall(this.#model, entry)}`;
    return { cpu, step: CALLBACK, picks, c: '', spec: '', stack: [], did: said, changes: [] };
  }
}

const bitsOf = (state: Int32Array, { word, shift, mask }: Bits): number => (state[word]! >>> shift) & mask;

/** Which way was taken where the text leaves it open, from 1: `choose 2 of 5`; null where it does not. */
const chosen = ({ pending }: Frame, answer: () => Value): string | null =>
  pending.kind === 'operation' && pending.operation.kind === 'choose'
    ? `choose ${Number(answer()) + 1} of ${pending.operation.count}`
    : null;

/** What an operation of the step did: a load with the value it found (`before` is null: it found none, it failed). Values are those before the step where it matters. */
const did = (model: Model, frame: Frame, before: Int32Array | null): string => {
  const action = actionOf(frame);
  if (frame.pending.kind !== 'operation') return action;
  const { operation } = frame.pending;
  if (operation.kind === 'cell') {
    const { record, field } = operation.cell;
    const what = `${field.name} of ${model.world.title(record)}`;
    if (before === null) return `${operation.name} ${what}`;
    if (operation.name === 'load')
      return `${what} = ${show(model, record, field.name, model.peek.valueIn(before, record, field))}`;
    const operands = operation.operands.map((value) => show(model, record, field.name, value));
    return `${operation.name} ${what}${operands.length > 0 ? ` ${operands.join(', ')}` : ''}`;
  }
  return 'record' in operation ? `${operation.kind} ${model.world.title(operation.record)}` : action;
};

const showCall = (model: Model, { instance }: Frame): string =>
  `${instance.procedure.title}(${instance.args.map((value) => showValue(model, value)).join(', ')})`;

const showValue = (model: Model, value: Value): string => {
  if (value === null) return 'NULL';
  if (typeof value === 'function') return (value as Routine).title;
  return isRecord(value) ? model.world.title(value) : String(value);
};

const show = (model: Model, record: Shared, field: string, value: Value): string =>
  isRecord(value) ? model.world.title(value) : record.type.byName.get(field)!.show(value);

/** Every difference between two states that the C would know of, in the words of the records. */
export const changes = (model: Model, before: Int32Array, after: Int32Array): readonly string[] => {
  const { layout, peek, cpuNames, world } = model;
  const lines: string[] = [];
  const line = (what: string, from: string, to: string) => {
    if (from !== to) lines.push(`${what}: ${from} → ${to}`);
  };
  for (const { record, cells } of layout.records) {
    const [was, is] = [peek.lifeIn(before, record), peek.lifeIn(after, record)];
    line(world.title(record), was, is);
    // A freed record is zeroed, a new one begins zeroed: neither is news.
    if (was === is && is !== 'freed' && is !== 'unused')
      for (const { cell } of cells.filter(({ cell: { field } }) => field.access !== 'ghost'))
        line(
          `${world.title(record)}.${cell.field.name}`,
          show(model, record, cell.field.name, peek.valueIn(before, record, cell.field)),
          show(model, record, cell.field.name, peek.valueIn(after, record, cell.field)),
        );
  }
  layout.sections.forEach(({ word, shift, mask }, cpu) =>
    line(
      `epoch sections of ${cpuNames[cpu]!}`,
      String((before[word]! >>> shift) & mask),
      String((after[word]! >>> shift) & mask),
    ),
  );
  return lines;
};
