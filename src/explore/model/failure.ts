import type { EngineProperty } from '../../machine/operation.ts';
import type { Frame } from '../automata/frame.ts';
import type { Label } from '../automata/label.ts';
import type { Model } from './model.ts';
import * as why from './stepper.ts';

/** What a failed step breaks, in one sentence that begins with the CPU. */
export type Finding = { readonly property: string; readonly message: string };

/** The sentence for the failure of the step just tried by `cpu`. A bound has no property. */
export const findingOf = (
  model: Model,
  cpu: number,
): Finding | { readonly property: null; readonly message: string } => {
  const { kind, code, local } = model.stepper.why();
  const number = model.locals.topClass[local]!;
  const frame = model.quotient.representative[number]!;
  const label = model.labelOf(number);
  const where = `${model.cpuNames[cpu]!} in ${frame.instance.procedure.title}${label.c === '' ? '' : ` (${label.c})`}`;
  if (kind === why.BY_EFFECT) {
    const failure = model.program.failureOf(code);
    if (typeof failure === 'string') return { property: null, message: `${where}: ${failure}` };
    return { property: failure.property, message: `${where} ${failure.message}${ofWhat(model, frame)}` };
  }
  const [property, text] = sentences[kind]!;
  return {
    property: property as EngineProperty,
    message: `${where} ${text(described(model, frame), subject(model, frame))}`,
  };
};

/** The step that failed just now. */
export const failedLabel = ({ stepper, locals, labelOf }: Model): Label =>
  labelOf(locals.topClass[stepper.why().local]!);

const sentences: Readonly<Record<number, readonly [EngineProperty | null, (does: string, what: string) => string]>> = {
  [why.NOT_INITIALISED]: ['use-before-init', (does, what) => `${does}, but ${what} was never allocated`],
  [why.AFTER_FREE]: ['use-after-free', (does, what) => `${does}, but ${what} has been freed`],
  [why.NOT_OWNED]: ['item-not-owned', (does, what) => `${does}, but ${what} is not its own any more`],
  [why.NOT_GUARDED]: ['lock-not-owned', (does) => `${does} without the lock that guards it`],
  [why.DOUBLE_FREE]: ['double-free', (_does, what) => `frees ${what}, which has been freed or handed over already`],
  [why.FREES_HELD]: ['lock-destroyed', (_does, what) => `frees ${what} while another CPU holds a lock in it`],
  [why.DOUBLE_CALL]: ['double-epoch-call', (_does, what) => `calls NET_EPOCH_CALL for ${what} a second time`],
  [why.NO_SECTION]: ['epoch-section-leaked', () => 'leaves an epoch section that it is not in'],
  [why.SLEEPS]: ['sleep-in-epoch', () => 'may sleep inside an epoch section'],
  [why.HOLDS_LOCK]: ['lock-held-at-exit', () => 'ends its program holding a lock'],
  [why.LEAKS_SECTION]: ['epoch-section-leaked', () => 'ends its program inside an epoch section'],
  [why.NO_MEMORY]: [null, (does) => `${does}: the scenario reserves no more of them`],
  [why.TOO_DEEP]: [null, () => 'nests more epoch sections than the check can count'],
};

/** The operation as a verb with its object: `reads b_flags of a`. */
const described = (model: Model, frame: Frame): string => {
  if (frame.pending.kind !== 'operation') return frame.pending.kind;
  const { operation } = frame.pending;
  if (operation.kind === 'cell') {
    const verb =
      operation.name === 'load' ? 'reads' : operation.name === 'store' ? 'writes' : `does ${operation.name} on`;
    return `${verb} ${operation.cell.field.name} of ${subject(model, frame)}`;
  }
  if (operation.kind === 'alloc') return `allocates one more ${operation.type.name}`;
  return `${verbs[operation.kind] ?? `does ${operation.kind} on`} ${subject(model, frame)}`.trim();
};

const verbs: Readonly<Record<string, string>> = { free: 'frees', 'hand over': 'hands over', 'take over': 'takes over' };

/** The record that the operation is on, with its type: `buf a`. */
const subject = (model: Model, frame: Frame): string => {
  const { pending } = frame;
  if (pending.kind !== 'operation') return '';
  const { operation } = pending;
  const record = operation.kind === 'cell' ? operation.cell.record : 'record' in operation ? operation.record : null;
  return record === null ? '' : `${record.type.name.toLowerCase()} ${model.world.title(record)}`;
};

const ofWhat = (model: Model, frame: Frame): string => {
  const what = subject(model, frame);
  return what === '' ? '' : ` (${what})`;
};
