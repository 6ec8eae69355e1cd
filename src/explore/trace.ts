import { isRecord, type Shared } from '../machine/record.ts';
import type { Routine, Value } from '../machine/operation.ts';
import type { Search } from './breadthFirst.ts';
import { actionOf, type Frame } from './automaton.ts';
import type { Model } from './model.ts';
import { DONE } from './stepper.ts';
import type { Step, Trace } from './verdict.ts';

/** The run that led a search to its finding; null when the finding is not about one run. */
export const traceOf = (model: Model, { ending, visited }: Search): Trace | null => {
  if (ending.kind !== 'found' || ending.at < 0) return null;
  const indices: number[] = [];
  for (let at = ending.at; at >= 0; at = visited.parent(at)) indices.unshift(at);
  const states = indices.map((index) => {
    const state = new Int32Array(model.layout.words);
    visited.read(index, state);
    return state;
  });
  const steps = states.slice(1).map((after, i) => stepBetween(model, states[i]!, after));
  if (ending.by !== null) {
    const last = states.at(-1)!;
    model.stepper.state.set(last);
    model.stepper.setPicks(ending.by.picks);
    model.stepper.advance(ending.by.cpu);
    steps.push(describeStep(model, ending.by.cpu, last, null));
    model.stepper.resetPicks();
  }
  const circle = ending.circle === undefined || ending.circle.length === 0 ? null : steps.length;
  let before = states.at(-1)!;
  for (const { cpu, picks, to } of ending.circle ?? []) {
    const after = new Int32Array(model.layout.words);
    visited.read(to, after);
    model.stepper.state.set(before);
    model.stepper.setPicks(picks);
    model.stepper.advance(cpu);
    steps.push(describeStep(model, cpu, before, after));
    model.stepper.resetPicks();
    before = after;
  }
  return { cpus: model.cpuNames, steps, circle };
};

/** The step that leads from one state to the other: the first one that does. */
const stepBetween = (model: Model, before: Int32Array, after: Int32Array): Step => {
  const { stepper } = model;
  for (let cpu = 0; cpu < stepper.cpus; cpu++) {
    do {
      stepper.state.set(before);
      if (stepper.advance(cpu) !== DONE || stepper.state.some((word, i) => word !== after[i])) continue;
      const step = describeStep(model, cpu, before, after);
      stepper.resetPicks();
      return step;
    } while (stepper.nextPicks());
  }
  throw new Error('[suite bug] a state has no step that leads to it from its parent');
};

/** The step that the stepper has just done from `before`. `after`: null when the step failed. */
export const describeStep = (model: Model, cpu: number, before: Int32Array, after: Int32Array | null): Step => {
  const { stepper, locals, quotient } = model;
  const path = [...stepper.trail.subarray(0, stepper.pathLength())];
  const picks = stepper.picksTaken();
  if (path.length === 0) return startOfCallback(model, cpu, picks, after);
  const label = model.labelOf(locals.topClass[path[0]!]!);
  return {
    cpu,
    step: label.name,
    picks,
    c: label.c,
    spec: label.spec,
    stack: locals.frames(path[0]!).map((frame) => showCall(model, frame)),
    did: path.map((local) => did(model, quotient.representative[locals.topClass[local]!]!, before)).join('; '),
    changes: after === null ? [] : changes(model, before, after),
  };
};

/** The name of the step in which the callback runner takes up a callback. */
export const CALLBACK = 'grace period ends';

const startOfCallback = (model: Model, cpu: number, picks: readonly number[], after: Int32Array | null): Step => {
  const local = after === null ? 0 : model.stepper.local(cpu);
  const [frame] = model.locals.frames(local);
  const what = frame === undefined ? '' : showCall(model, frame);
  return { cpu, step: CALLBACK, picks, c: '', spec: '', stack: [], did: `starts ${what}`, changes: [] };
};

/** What an operation of the step did: a load with the value it found. Values are those before the step where it matters. */
const did = (model: Model, frame: Frame, before: Int32Array): string => {
  const action = actionOf(frame);
  if (frame.pending.kind !== 'operation') return action;
  const { operation } = frame.pending;
  if (operation.kind === 'cell') {
    const { record, field } = operation.cell;
    const what = `${field.name} of ${model.world.title(record)}`;
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

/** Every difference between two states that people care about, in the words of the records. */
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
      for (const { cell } of cells)
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
