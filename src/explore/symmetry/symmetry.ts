import type { RecordType } from '../../machine/operation.ts';
import { neighbourMaps } from './automorphism.ts';
import { CpuForm } from './cpuForm.ts';
import type { Model } from '../model/model.ts';
import { peersOf, type Renaming } from '../model/peers.ts';
import { candidates, numbered, Places } from './places.ts';
import { RecordForm } from './recordForm.ts';

/**
 * Records that differ only in the order in which they were allocated are interchangeable: a state in which they have changed
 * places is as good as the state itself. So each state is brought into a form in which they are numbered in the order in which
 * they are come upon, first from the CPUs, then from the memory that has a name; states that were one but for that become one.
 *
 * What may be renumbered are the slots of a type that nothing names at the beginning and that no callback is called for: items
 * and packets.
 *
 * Why that is sound. A renumbering p acts on values (a reference to slot i becomes one to slot p(i)), on the memory (what slot
 * i held is in slot p(i), each value renumbered) and on local states. It is an automorphism of the model if whatever a CPU can
 * do before it can do the same after it, renumbered. That is not assumed but looked up, for each exchange of two neighbours,
 * which make up all others: a map from classes to classes is built from the programs on, along calls and along each answer, and
 * at every operation the two are compared: the same operation on the renumbered record, with the renumbered result for every
 * renumbered value of the cell. A type for which this fails anywhere keeps its numbers. `alloc` takes the lowest slot that is
 * free; after p it takes another one, and the states that follow differ by a further renumbering, for slots that were never
 * used are all alike. Properties and claims ask for records of a type, never for a number, so they say the same of both. Hence
 * a state is reachable only if its form is, and fails only if its form does. A path of forms is a path of the model, but for
 * the numbers: the same CPUs take the same alternatives (who is picked among several callbacks does not depend on numbers here,
 * since no callback is called for what is renumbered).
 *
 * CPUs that are peers (model/peers.ts) are interchangeable too, and are put into the order of where they are (cpuForm.ts). Then it is
 * another CPU of the run that takes the step of a CPU of the form; which one follows from the orders that were made on the way
 * (runs/trace.ts). A property could tell peers apart, by the sections that a CPU is in or by who holds a lock. So whenever it is
 * asked, it is asked of the state with the peers in every order (Watch), for every state is a form with its peers in some
 * order. If the answers differ, the search is begun anew without renaming CPUs (search/leavingOut.ts).
 *
 * The form need not be unique for that, only reached by a renumbering; where it is not, less is saved. For invariants, ends and
 * deadlocks; search/ample.ts says what it takes to leave out orders of steps as well. Not for what is claimed of infinite runs: a
 * circle of forms need not be a circle of states.
 */
export type Symmetry = {
  /** Brings a state into its form, in place. Cost: O(references in it); copies the state only if a number changes. */
  readonly normalize: (state: Int32Array) => void;
  /** All bits of a state that a renumbering can take to one of these. */
  readonly orbit: (bits: Int32Array) => Int32Array;
  /** The types that are renumbered. */
  readonly types: readonly RecordType[];
  /** The CPUs that are put into order, those that are peers together. */
  readonly peers: readonly (readonly number[])[];
  /** Every renaming of the peers but the one that leaves all as they are. */
  readonly renamings: readonly Renaming[];
  /** By CPU, which of the state it is that was brought into its form last; null: none ever changes. */
  readonly was: Renaming | null;
};

/** The symmetries that there are. */
export type Form = RecordForm | CpuForm;

/** What can be renumbered in a model; with `cpus`, CPUs that are peers as well. Null when there is nothing. */
export const symmetryOf = (model: Model, cpus = true): Form | null => {
  const records = recordForm(model);
  const peers = cpus ? peersOf(model) : [];
  return peers.length === 0 ? records : new CpuForm(model, peers, records);
};

const recordForm = (model: Model): RecordForm | null => {
  const { world, automata, quotient: classes } = model;
  let groups = candidates(world, automata);
  for (;;) {
    if (groups.length === 0) return null;
    const places = new Places(groups);
    const maps = neighbourMaps(world, automata, classes, places);
    if (maps.broken === null) return new RecordForm(places, maps.maps, model);
    groups = numbered(groups.filter(({ type }) => type !== maps.broken));
  }
};
