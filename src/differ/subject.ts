import type { Field, Shared } from '../machine/record.ts';
import type { Value } from '../machine/operation.ts';
import type { World } from '../machine/world.ts';
import type { Access } from './access.ts';
import type { Program } from './control.ts';

/** An implementation beside a model of the same: all that a comparison needs to know of the two. */
export type Subject = {
  readonly name: string;
  /** Records of the model that can be made in the run. */
  readonly made: readonly Shared[];
  /** What the arena holds at the beginning. Its length is the size of the arena. */
  readonly initial: Int32Array;
  readonly threads: readonly Thread[];
  readonly world: World;
  /**
   * What an access that was answered so means in the model: nothing, or one step or several, in this order. `operation`: the number
   * of the operation of the thread's program that does it; `held`: what the word held before.
   */
  readonly meaning: (
    access: Access,
    answer: number,
    thread: number,
    operation: number,
    held: number,
    look: Look,
  ) => readonly Meant[];
  /**
   * Steps that the implementation need have no access for, and when the model does them: `at once` when it comes to them; or `late`, with an
   * access that means them if it is due, and without one just before the next step that some access means.
   */
  readonly silence?: (step: string, does: string, record: Shared | null) => Silence | null;
  readonly shown: readonly Shown[];
  /** What answers must say; without it, nobody asks. */
  readonly answers?: Answers;
  /** Whether its arena is one of `src/netgraph`, with the pools of that. */
  readonly pools?: true;
  /** How people call a word of the arena. */
  readonly wordName: (address: number) => string;
};

export type Thread = {
  readonly name: string;
  readonly program: Program;
  /** The CPU of the model that runs the same program; null: what it means is said by `Meant.cpu`. */
  readonly cpu: number | null;
};

/** Memory of the implementation that has become a record of the model in the run. */
export type Made = {
  /** What leads to it, and how far its words lie behind those of a row that is in it. */
  readonly pointer: number;
  readonly offset: number;
  /** The record with which it is freed; null: it stands for itself. */
  readonly owner: Shared | null;
};

/** The arena, and by the number of a record in `Subject.made`, what it has become of; null: it has not been made yet. */
export type Look = { readonly words: Int32Array; readonly made: readonly (Made | null)[] };

export type Silence = 'at once' | 'late';

/** What the answer must say that a CPU of the model is about to give, as far as it is known. Empty: it gives none. */
export type Draft = readonly number[];
/** What a field of the model holds. */
export type See = (record: Shared, field: string) => Value;

/** Answers of the implementation that the model gives as well, but does not keep. */
export type Answers = {
  /** Whether a step of the model adds something to a draft, and what there is of it when the step is done. */
  readonly isNoted: (step: string) => boolean;
  readonly noted: (draft: Draft, step: string, record: Shared, see: See) => Draft;
  /** The same of an access of the implementation for which the model has no step of its own. */
  readonly looked: (draft: Draft, does: string, record: Shared, see: See) => Draft;
  /** The answer that an access hands over to who has asked; null: it hands over none. */
  readonly handedOver: (access: Access, look: Look) => readonly number[] | null;
  /** What the answer says and what it must say, where that is not the same. */
  readonly differs: (
    draft: Draft,
    said: readonly number[],
  ) => { readonly told: string; readonly wanted: string } | null;
};

/** A step that the model must be able to do now. */
export type Meant = {
  /** Which CPU; without it, that of the thread. */
  readonly cpu?: number;
  /** Another CPU whose step it is when that one is about to do something else. */
  readonly orCpu?: number;
  /** The operation as labels show it: `load hk_peer`, `alloc Item`, `NET_EPOCH_ENTER`. */
  readonly does: string;
  /** Other operations that it can be as well. */
  readonly or?: readonly string[];
  /** On which record; without it, on any. */
  readonly of?: Shared;
  /** The name of the step, where it matters which of those that do so it is, and of one that it is not. */
  readonly step?: string;
  readonly but?: string;
  /** It means nothing when the model is about to do something else: the implementation loads more than the model. Of a callback: when the model has freed the record at once. */
  readonly ifDue?: true;
  /** The step makes a record, and this is its memory. */
  readonly makes?: Made;
  /** What it must be answered with; without it, with anything. */
  readonly gets?: Value;
};

/**
 * A word, or some bits of one, in which the implementation keeps what the model keeps in a field, in the life of a record (`unused`,
 * `live`, `handed over`, `freed`) or in the number of sections that a CPU is in. The two must be the same after every access; of the fields
 * of a record only while it is in use.
 */
export type Shown = {
  readonly address: number;
  /** Number of the record in `Subject.made` in which it is: then the address is counted from where that begins. */
  readonly within?: number;
  /** Bits of the word that count; without it, all. */
  readonly mask?: number;
  readonly of:
    | { readonly kind: 'field'; readonly record: Shared; readonly field: Field }
    | { readonly kind: 'life'; readonly record: Shared }
    | { readonly kind: 'sections'; readonly cpu: number };
  /** What the word holds for a value of the model, or null where the implementation can hold anything then. A record that is made in the run is what leads to it. */
  readonly encode: (value: Value) => number | null;
};

/** A field by its name. Throws when the record has none of that name. */
export const shownField = (
  address: number,
  record: Shared,
  name: string,
  encode: Shown['encode'],
  mask?: number,
): Shown => {
  const field = record.type.byName.get(name);
  if (field === undefined) throw new Error(`[suite bug] ${record.type.name} has no field ${name}`);
  return { address, of: { kind: 'field', record, field }, encode, ...(mask === undefined ? {} : { mask }) };
};
