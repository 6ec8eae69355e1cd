import type { Varieties } from './variety.ts';

/** What a check says, and the run that it shows. These are plain data: they are printed, saved and compared. */

/** One step of a run. */
export type Step = {
  /** Number of the CPU: an index into `Trace.cpus`. */
  readonly cpu: number;
  /** The step's name, `procedure: access #occurrence`, made of names only, so that it survives changes elsewhere. */
  readonly step: string;
  /** Which alternatives were taken where the step had several (`choose`, the callback runner); usually empty. */
  readonly picks: readonly number[];
  /** C line, `subr_x.c:3657`, or '' where there is none. */
  readonly c: string;
  /** Line of the specification, `spec/address.ts:41`. */
  readonly spec: string;
  /** Procedures that are running on this CPU, outermost first, with their arguments: `bremfree(b)`. */
  readonly stack: readonly string[];
  /** What the step read, or why it was special, in a few words: `b_next of a = b`. */
  readonly did: string;
  /** What the step changed: `b.b_flags: 0 → B_INVALID`. */
  readonly changes: readonly string[];
};

export type Trace = {
  /** Names of the CPUs; the callback runner comes last. */
  readonly cpus: readonly string[];
  readonly steps: readonly Step[];
  /** For a run that goes on for ever: the steps from this number on are repeated. Otherwise null. */
  readonly circle: number | null;
  /**
   * Whether nobody can go on after its last step, and no step has gone wrong: what is wrong then is wrong at the end. There it is judged what
   * is claimed of ends, and that nobody waits for ever.
   */
  readonly over: boolean;
};

/** One of the distinct ways in which a world fails, with a shortest run that shows it. */
export type Failure = {
  /** The same for the same failure in another world: property, access and C line, or property and what is wrong. */
  readonly key: string;
  readonly property: string;
  readonly message: string;
  /** The step that fails, or null where a state or an end is wrong. */
  readonly step: string | null;
  /** Its C line, or ''. */
  readonly c: string;
  readonly trace: Trace | null;
};

export type Outcome = 'holds' | 'violated' | 'unknown';

export type Verdict = {
  readonly verdict: Outcome;
  /** The property that is violated or, when unknown, null. */
  readonly property: string | null;
  /** One sentence in C words: what goes wrong, or which bound was hit and how far the search got; '' if it holds. */
  readonly message: string;
  readonly states: number;
  readonly transitions: number;
  /** Steps from the beginning to the deepest state found. */
  readonly depth: number;
  /** Frames of the closed local automata, and classes of them after the quotient (0: quotient off). */
  readonly localStates: number;
  readonly quotientStates: number;
  /** Names of the steps that the closed automata contain and that no transition performed. */
  readonly neverFired: readonly string[];
  /** Names of the steps that some transition performed. */
  readonly fired: readonly string[];
  /** Names of the procedures that any interleaving could call: nothing else of the model can have mattered. */
  readonly procedures: readonly string[];
  readonly seconds: number;
  readonly trace: Trace | null;
  /** When all failures were asked for: each distinct one, nearest first. */
  readonly failures?: readonly Failure[];
  /** When all failures were asked for and some were found: the bound that was hit, so that there may be more; else null. */
  readonly cutShort?: string | null;
  /** When only fingerprints of states were kept: how probable it is, at most, that a state was left out. */
  readonly omission?: number;
  /** When runs at random were looked at: how many, those included that were cut short: at a bound of the scenario, or since they had no end. */
  readonly runs?: { readonly made: number; readonly cut: number };
  /** When only runs with few pre-emptions were looked at: how many at most, and why not all of these were, each to its end; null: all were. */
  readonly within?: { readonly preemptions: number; readonly cut: string | null };
  /** When a bound ended the search: what its states differ in. */
  readonly varieties?: Varieties;
  /** Where it is claimed that an operation has a bound, and the search was exhausted: for each CPU that is ever in it. */
  readonly bounds?: readonly StepBound[];
};

/** The most steps of its own that a CPU makes within an operation. */
export type StepBound = {
  /** The claim that there is such a number. */
  readonly property: string;
  readonly cpu: string;
  /** Null: there is none. */
  readonly steps: number | null;
};

/** How far the search has got, a few times a second. */
export type Progress = {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly seconds: number;
  readonly bytes: number;
};

export type Budget = {
  readonly maxStates?: number;
  readonly seconds?: number;
};

/** What is said where nothing was explored. */
export const nothingSeen: Verdict = {
  verdict: 'unknown',
  property: null,
  message: '',
  states: 0,
  transitions: 0,
  depth: 0,
  localStates: 0,
  quotientStates: 0,
  neverFired: [],
  fired: [],
  procedures: [],
  seconds: 0,
  trace: null,
};
