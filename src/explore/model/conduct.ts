import type { Conduct, OperationClaim, StepClaim } from '../../machine/conduct.ts';
import type { Finding } from './failure.ts';
import { isLock, holdersOf } from './lock.ts';
import type { Model } from './model.ts';
import { DISABLED, DONE } from './stepper.ts';

/**
 * Watches how steps are done. Whether a claim about steps is true of an access depends on the access and on the stack alone, so on
 * the local state: each is judged once. What is left for the search is to look up the local states that a step went through, and,
 * where a step is not possible, who holds the lock that it waits for.
 *
 * Merging frames with the same future would lose whose stack it is; so frames of a procedure that a claim names are merged with
 * frames of that procedure only, and stay on the stack when they only hand on what is returned to them (automata/quotient.ts, local.ts).
 */
export type Breach = {
  readonly claim: Conduct;
  /** The local state that is about to make the access. */
  readonly local: number;
  /** How many accesses of the step were made or tried, this one included. */
  readonly upTo: number;
  /** Who holds the lock that the CPU waits for. */
  readonly holders: readonly number[];
};

/** An operation, and by local state whether a CPU is in it. */
type Watched = { readonly claim: OperationClaim; readonly inside: (boolean | undefined)[] };

const nothing: readonly Breach[] = [];

export class Observer {
  readonly #model: Model;
  readonly #steps: readonly StepClaim[];
  readonly #unhindered: readonly Watched[];
  /** By local state: what is wrong with its access. */
  readonly #wrong: (readonly StepClaim[] | undefined)[] = [];

  constructor(model: Model) {
    this.#model = model;
    this.#steps = model.conduct.filter((claim) => claim.kind === 'steps');
    this.#unhindered = model.conduct
      .filter((claim): claim is OperationClaim => claim.kind === 'unhindered')
      .map((claim) => ({ claim, inside: [] }));
  }

  /** What the step breaks that has just been tried on `from`, in the order of the accesses and then of the claims. */
  look(outcome: number, from: Int32Array): readonly Breach[] {
    const { stepper } = this.#model;
    if (outcome === DISABLED) return this.#waiting(from);
    const done = outcome === DONE ? stepper.pathLength() : stepper.pathLength() - 1;
    let found = nothing;
    for (let i = 0; i < done; i++) {
      const local = stepper.trail[i]!;
      const wrong = (this.#wrong[local] ??= this.#judge(local));
      if (wrong.length > 0)
        found = [...found, ...wrong.map((claim): Breach => ({ claim, local, upTo: i + 1, holders: [] }))];
    }
    return found;
  }

  /** The sentence for a breach of a step of `cpu`. */
  tell(cpu: number, { claim, local, holders }: Breach): Finding {
    const { cpuNames, labelOf, locals } = this.#model;
    const { name, c } = labelOf(locals.topClass[local]!);
    const said =
      claim.kind === 'steps'
        ? this.#said(claim, local)
        : `waits${holders.length === 0 ? '' : ` for ${holders.map((holder) => cpuNames[holder]!).join(', ')}`}`;
    return { property: claim.name, message: `${cpuNames[cpu]!} at ${name}${c === '' ? '' : ` (${c})`} ${said}` };
  }

  #judge(local: number): readonly StepClaim[] {
    return this.#steps.filter((claim) => this.#said(claim, local) !== '');
  }

  /** What the claim says of an access; '' when it is true of it. */
  #said(claim: StepClaim, local: number): string {
    const { locals } = this.#model;
    const { pending } = locals.frames(local).at(-1)!;
    if (pending.kind !== 'operation') return '';
    const said = claim.holds({ operation: pending.operation, running: locals.running(local, claim.procedures) });
    return said === true ? '' : said;
  }

  #waiting(from: Int32Array): readonly Breach[] {
    const { stepper } = this.#model;
    if (this.#unhindered.length === 0 || stepper.pathLength() === 0) return nothing;
    const upTo = stepper.pathLength();
    const local = stepper.trail[upTo - 1]!;
    const lock = this.#lockOf(local);
    const hindered = this.#unhindered.filter(
      (watched) => this.#isIn(watched, local) && watched.claim.aside?.includes(lock) !== true,
    );
    if (hindered.length === 0) return nothing;
    const holders = this.#holders(local);
    if (holders === null) return nothing;
    const locals = holders.map((holder) => this.#localOf(from, holder));
    return hindered
      .filter((watched) => locals.length === 0 || locals.some((other) => !this.#isIn(watched, other)))
      .map(({ claim }) => ({ claim, local, upTo, holders }));
  }

  /** The field of the lock that a local state is about to take; '' if it is about to do something else. */
  #lockOf(local: number): string {
    const { pending } = this.#model.locals.frames(local).at(-1)!;
    if (pending.kind !== 'operation' || pending.operation.kind !== 'cell') return '';
    const { field } = pending.operation.cell;
    return isLock(field) ? field.name : '';
  }

  /** Whether a CPU in this local state is in the operation. */
  #isIn({ claim, inside }: Watched, local: number): boolean {
    return (inside[local] ??= this.#model.locals.running(local, claim.procedures).length > 0);
  }

  /** Who holds the lock that the CPU waits for; nobody if it waits for something else; null if it only waits for work. */
  #holders(local: number): readonly number[] | null {
    const { locals, program, automata, stepper } = this.#model;
    const { frame, idle, bits } = program.rows[locals.topClass[local]!]!;
    if (idle) return null;
    if (frame.pending.kind !== 'operation' || frame.pending.operation.kind !== 'cell') return [];
    const cell = automata.cellOf(frame.pending.operation.cell);
    if (!isLock(cell.field)) return [];
    return holdersOf(cell.field, cell.values[(stepper.state[bits.word]! >>> bits.shift) & bits.mask]);
  }

  #localOf(state: Int32Array, cpu: number): number {
    const { word, shift, mask } = this.#model.layout.locals[cpu]!;
    return (state[word]! >>> shift) & mask;
  }
}

/** An observer of the steps of the model, or null when nothing is claimed of them. */
export const observerOf = (model: Model): Observer | null =>
  model.conduct.some(({ kind }) => kind === 'steps' || kind === 'unhindered') ? new Observer(model) : null;
