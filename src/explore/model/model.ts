import type { Conduct } from '../../machine/conduct.ts';
import type { Routine } from '../../machine/operation.ts';
import type { World } from '../../machine/world.ts';
import { type Automata, closeAutomata, closeByNeed, type Growing, TooLarge } from '../automata/automaton.ts';
import type { Frame } from '../automata/frame.ts';
import { labelFrames, type Label } from '../automata/label.ts';
import { layOut, type Layout } from './layout.ts';
import { Held, LocalStates } from './local.ts';
import { compile, type Program } from './program.ts';
import { identity, quotient, type Quotient } from '../automata/quotient.ts';
import { makeStepper, TooManyLocalStates, type Stepper } from './stepper.ts';
import { Peek } from './view.ts';

/** A world made ready to be explored. */
export type Model = {
  readonly world: World;
  readonly automata: Automata;
  readonly quotient: Quotient;
  readonly layout: Layout;
  readonly locals: LocalStates;
  readonly program: Program;
  readonly stepper: Stepper;
  readonly peek: Peek;
  readonly labels: readonly Label[];
  /** The label of a class of frames that is about to do an operation. */
  readonly labelOf: (classNumber: number) => Label;
  /** Names of the CPUs, the callback runner last if there is one. */
  readonly cpuNames: readonly string[];
  readonly conduct: readonly Conduct[];
};

export type ModelOptions = {
  /** Merge frames with the same future. */
  readonly quotient: boolean;
  /** Do accesses that only the owner can make together with the step before them. */
  readonly fuse: boolean;
  /** What is claimed of how steps are done: the procedures that it names must not be merged with others. */
  readonly conduct?: readonly Conduct[];
  /** Close automata by need that are too large to be closed beforehand; none: give up. */
  readonly byNeed?: Need | undefined;
};

/** `atOnce`: also those that could be closed beforehand. `most`: frames of one procedure that nobody has to ask for. */
export type Need = { readonly atOnce: boolean; readonly most: number };
export const usualNeed: Need = { atOnce: false, most: 2000 };

/** How a model is made where nobody asks for anything else. */
export const usualModel = { quotient: true, fuse: true } as const satisfies ModelOptions;

/**
 * Closes the automata of a world and hands them to `use`, anew with wider numbers whenever the local states turn out to be
 * more than the layout has room for, and with larger automata whenever a run has come to what is held back. What `use` returned
 * last counts; if it is `settled`, whatever was held back: it must be true of a run that ends where something is. Throws NotClosed when `givenUp` says why to give the closing up, or when
 * there are too many frames.
 */
export const withModel = <T>(
  world: World,
  options: ModelOptions,
  use: (model: Model) => T,
  givenUp: () => string | null = () => null,
  settled: (result: T) => boolean = () => false,
): T => {
  const { automata: first, grow } = closed(world, options, givenUp);
  for (let automata = first; ;) {
    const { result, held } = used(world, automata, options, use);
    if (held.size === 0 || (result !== undefined && settled(result))) return result!;
    automata = grow(held);
  }
};

const closed = (world: World, { fuse, byNeed }: ModelOptions, givenUp: () => string | null): Growing => {
  try {
    if (byNeed?.atOnce !== true) return { automata: closeAutomata(world, fuse, givenUp), grow: never };
  } catch (thrown) {
    if (!(thrown instanceof TooLarge) || byNeed === undefined) throw thrown;
  }
  return closeByNeed(world, fuse, givenUp, byNeed.most);
};

const never = (): never => {
  throw new Error('[suite bug] a frame is held back in automata that are closed');
};

/** What `use` returns, if it comes to its end, and the frames that it has come to although they are held back. */
const used = <T>(
  world: World,
  automata: Automata,
  options: ModelOptions,
  use: (model: Model) => T,
): { readonly result?: T; readonly held: ReadonlySet<Frame> } => {
  const classes = classesOf(automata, options);
  // Usually there are about as many local states as classes, or a few times as many.
  for (let bits = Math.max(12, 31 - Math.clz32(classes.representative.length)); ; bits += 2) {
    const model = assemble(world, automata, classes, options, bits);
    const { held } = model.locals;
    try {
      return { result: use(model), held };
    } catch (thrown) {
      // Who follows a run to where a CPU is held back may take it for a mistake that it ends there. That memory ran out is none.
      if (thrown instanceof Held || (held.size > 0 && !(thrown instanceof RangeError))) return { held };
      if (!(thrown instanceof TooManyLocalStates) || bits >= 28) throw thrown;
    }
  }
};

/** The same model anew, with so many bits for a local state, for another thread. */
export const modelWith = (world: World, options: ModelOptions, localBits: number): Model => {
  const automata = closeAutomata(world, options.fuse, () => null);
  return assemble(world, automata, classesOf(automata, options), options, localBits);
};

/** What can be known of a model by name. Cost: the automata are closed, and no more than that is made. */
export const namesOf = (world: World, { fuse }: ModelOptions): Pick<Model, 'labels' | 'cpuNames'> => {
  const automata = closeAutomata(world, fuse, () => null);
  return { labels: labelFrames(automata.frames).labels, cpuNames: cpuNamesOf(world, automata) };
};

/** The callback runner last, if there is one. */
const cpuNamesOf = (world: World, { usesEpoch }: Automata): readonly string[] => [
  ...world.cpus.map(({ name }) => name),
  ...(usesEpoch ? ['callbacks'] : []),
];

const classesOf = ({ frames }: Automata, options: ModelOptions): Quotient =>
  options.quotient ? quotient(frames, watchedBy(options)) : identity(frames);

const assemble = (
  world: World,
  automata: Automata,
  classes: Quotient,
  options: ModelOptions,
  localBits: number,
): Model => {
  const layout = layOut(world, automata, localBits);
  const locals = new LocalStates(classes, options.quotient, watchedBy(options));
  const program = compile(world, automata, classes, layout);
  const { labels, of } = labelFrames(automata.frames);
  return {
    world,
    automata,
    quotient: classes,
    layout,
    locals,
    program,
    stepper: makeStepper(world, automata, layout, program, locals),
    peek: new Peek(world, automata, layout),
    labels,
    labelOf: (number) => of(classes.representative[number]!),
    cpuNames: cpuNamesOf(world, automata),
    conduct: options.conduct ?? [],
  };
};

const watchedBy = ({ conduct = [] }: ModelOptions): ReadonlySet<Routine> =>
  new Set(conduct.flatMap(({ procedures }) => procedures));
