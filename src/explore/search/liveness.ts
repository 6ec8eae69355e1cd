import type { Property } from '../../machine/property.ts';
import type { Model } from '../model/model.ts';
import { DONE } from '../model/stepper.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Reached } from '../states/visited.ts';

/**
 * `eventually` under weak fairness: from every reachable state, every run in which no CPU is kept waiting for ever although it
 * could go on comes to a state in which the property holds.
 *
 * A run that breaks it ends in a set of states that it never leaves and in none of which the property holds: either one state
 * in which nothing is possible any more, or a strongly connected part of the graph. Such a part can be gone round fairly if and
 * only if every CPU does a step in it or is unable to in some state of it (then going round all of it is weakly fair to
 * everybody). So it is enough to look at the strongly connected components of the graph of those states in which the property
 * does not hold (Lichtenstein and Pnueli 1985): if a component cannot be gone round fairly because of one CPU, then neither
 * can any part of it, since that CPU is able to step in every state of the part and does so in none.
 *
 * Needs the whole graph: a search that was reduced or cut short says nothing here.
 */
export type Lasso = {
  /** The state where the circle begins and ends. */
  readonly at: number;
  /** The steps round it; none when nothing is possible in that state. */
  readonly circle: readonly Move[];
};

/** A step of the graph: who takes it, along which alternatives, and the state it leads to. */
export type Move = { readonly cpu: number; readonly picks: readonly number[]; readonly to: number };

/** A fair run on which the property never comes to hold, or null. Cost: O(transitions) time, 16 bytes a state. */
export const fairLasso = (model: Model, visited: Reached, property: Property): Lasso | null =>
  new Components(model, visited, lacking(model, visited, property), true, null).search();

/**
 * A fair run without end, or null; cost as above. The states may be forms (symmetry/symmetry.ts): a renumbering leaves it as it is which CPU steps and
 * which is able to, so a fair run without end through states is one through their forms, and one through forms is one
 * through states, though it may come back to a state only after several times round the circle of forms.
 */
export const fairCircle = (model: Model, visited: Reached, symmetry: Symmetry | null): Lasso | null =>
  new Components(model, visited, new Uint8Array(visited.count).fill(1), false, symmetry).search();

/** Marks the states in which the property does not hold. */
const lacking = (model: Model, visited: Reached, property: Property): Uint8Array => {
  const marks = new Uint8Array(visited.count);
  const state = new Int32Array(model.layout.words);
  const read = new Int32Array(model.layout.words);
  for (let at = 0; at < visited.count; at++) {
    visited.read(at, state);
    marks[at] = model.peek.evaluate(property, state, read) === true ? 0 : 1;
  }
  return marks;
};

/** Tarjan's algorithm without recursion, over the marked states only; successors are computed when they are needed. */
class Components {
  readonly #model: Model;
  readonly #visited: Reached;
  readonly #marked: Uint8Array;
  /** Whether a state in which nothing is possible is looked for, too. */
  readonly #withEnds: boolean;
  readonly #symmetry: Symmetry | null;
  readonly #order: Int32Array;
  readonly #low: Int32Array;
  readonly #stack: number[] = [];
  #next = 1;

  constructor(model: Model, visited: Reached, marked: Uint8Array, withEnds: boolean, symmetry: Symmetry | null) {
    this.#model = model;
    this.#visited = visited;
    this.#marked = marked;
    this.#withEnds = withEnds;
    this.#symmetry = symmetry;
    this.#order = new Int32Array(visited.count);
    this.#low = new Int32Array(visited.count);
  }

  search(): Lasso | null {
    for (let root = 0; root < this.#visited.count; root++) {
      if (this.#marked[root] === 0 || this.#order[root] !== 0) continue;
      const lasso = this.#from(root);
      if (lasso !== null) return lasso;
    }
    return null;
  }

  #from(root: number): Lasso | null {
    const path = [this.#open(root)];
    while (path.length > 0) {
      const top = path.at(-1)!;
      if (top.done < top.successors.length) {
        const next = top.successors[top.done++]!;
        if (this.#marked[next] === 0) continue;
        if (this.#order[next] === 0) path.push(this.#open(next));
        else if (this.#order[next]! > 0) this.#low[top.at] = Math.min(this.#low[top.at]!, this.#order[next]!);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) this.#low[above.at] = Math.min(this.#low[above.at]!, this.#low[top.at]!);
      if (this.#low[top.at] !== this.#order[top.at]) continue;
      const component = this.#close(top.at);
      const isAlone = component.length === 1 && !top.successors.includes(top.at);
      if (isAlone && (top.successors.length > 0 || !this.#withEnds)) continue;
      const duties = this.#duties(component);
      if (duties !== null) return { at: component[0]!, circle: this.#round(component, duties) };
    }
    return null;
  }

  #open(at: number): { at: number; successors: readonly number[]; done: number } {
    this.#order[at] = this.#low[at] = this.#next++;
    this.#stack.push(at);
    return { at, successors: this.#moves(at).map(({ to }) => to), done: 0 };
  }

  /** Takes a finished component off the stack; its states are numbered -1 from then on. */
  #close(root: number): readonly number[] {
    const component = this.#stack.splice(this.#stack.lastIndexOf(root));
    for (const at of component) this.#order[at] = -1;
    return component;
  }

  /**
   * What a fair way round the component must pass, one entry a CPU: a state in which it is unable to step, or a step of its
   * own. Null when some CPU has neither.
   */
  #duties(component: readonly number[]): readonly Duty[] | null {
    const inside = new Set(component);
    const duties: Duty[] = [];
    const moves = component.map((at) => ({ at, moves: this.#moves(at) }));
    if (moves.every(({ moves: { length } }) => length === 0)) return [];
    for (let cpu = 0; cpu < this.#model.stepper.cpus; cpu++) {
      const unable = moves.find(({ moves: all }) => all.every((move) => move.cpu !== cpu));
      if (unable !== undefined) {
        duties.push({ at: unable.at, move: null });
        continue;
      }
      const own = moves.flatMap(({ at, moves: all }) => all.map((move) => ({ at, move })));
      const step = own.find(({ move }) => move.cpu === cpu && inside.has(move.to));
      if (step === undefined) return null;
      duties.push(step);
    }
    return duties;
  }

  /** A closed way through the component that passes every duty, by shortest ways from one to the next. */
  #round(component: readonly number[], duties: readonly Duty[]): readonly Move[] {
    const inside = new Set(component);
    const round: Move[] = [];
    const start = component[0]!;
    const here = () => round.at(-1)?.to ?? start;
    for (const { at, move } of duties) {
      round.push(...this.#way(here(), at, inside));
      if (move !== null) round.push(move);
    }
    if (round.length === 0 && duties.length > 0) round.push(this.#moves(start).find(({ to }) => inside.has(to))!);
    return [...round, ...this.#way(here(), start, inside)];
  }

  #way(from: number, goal: number, inside: ReadonlySet<number>): readonly Move[] {
    if (from === goal) return [];
    const before = new Map<number, { from: number; move: Move }>();
    const queue = [from];
    for (const at of queue)
      for (const move of this.#moves(at)) {
        if (!inside.has(move.to) || move.to === from || before.has(move.to)) continue;
        before.set(move.to, { from: at, move });
        queue.push(move.to);
        if (move.to === goal) return backwards(before, from, goal);
      }
    throw new Error('[suite bug] a strongly connected component has no way between two of its states');
  }

  #moves(at: number): readonly Move[] {
    const { stepper } = this.#model;
    const found: Move[] = [];
    for (let cpu = 0; cpu < stepper.cpus; cpu++)
      do {
        this.#visited.read(at, stepper.state);
        if (stepper.advance(cpu) !== DONE) continue;
        this.#symmetry?.normalize(stepper.state);
        found.push({ cpu, picks: stepper.picksTaken(), to: this.#visited.find(stepper.state) });
      } while (stepper.nextPicks());
    return found;
  }
}

/** What a fair circle owes a CPU: to pass the state `at` and, unless it is null, to go on by `move`. */
type Duty = { readonly at: number; readonly move: Move | null };

const backwards = (
  before: ReadonlyMap<number, { from: number; move: Move }>,
  from: number,
  goal: number,
): readonly Move[] => {
  const way: Move[] = [];
  for (let at = goal; at !== from; at = before.get(at)!.from) way.unshift(before.get(at)!.move);
  return way;
};
