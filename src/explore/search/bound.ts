import type { OperationClaim } from '../../machine/conduct.ts';
import type { Move } from './liveness.ts';
import type { Model } from '../model/model.ts';
import { DONE } from '../model/stepper.ts';
import type { Reached } from '../states/visited.ts';

/**
 * How many of its own steps a CPU makes within one operation, at most, whatever the others do meanwhile.
 *
 * The graph of a CPU's operation: the states in which it is in the operation, with the steps of all CPUs, except those with which it
 * leaves the operation. (To leave it and to begin it anew can be one step.) A way through this graph that passes infinitely many
 * steps of the CPU itself goes round in a strongly connected part that has one of them; if there is none, the most steps ahead
 * of a state are the same for all states of such a part, and the parts come up in Tarjan's algorithm with all that is ahead of them
 * known. Fairness does not matter: what others do or do not do, the CPU makes no more steps than that.
 *
 * Needs the whole graph. A state that failures have cut off has nothing ahead of it, so the bound is one up to the first failure.
 */
export type Bound = {
  readonly claim: OperationClaim;
  readonly cpu: number;
  /** Infinity: there is none. */
  readonly steps: number;
  /** Where there is none: a state and the steps from it back to it, one of which is the CPU's own. */
  readonly lasso: { readonly at: number; readonly circle: readonly Move[] } | null;
};

/** The bound of an operation for each CPU that ever is in it. Cost: for each of them, O(transitions) time, 12 bytes a state. */
export const boundsOf = (model: Model, visited: Reached, claim: OperationClaim): readonly Bound[] =>
  model.cpuNames.flatMap((_, cpu) => new Operation(model, visited, claim, cpu).bound() ?? []);

/** A step in the graph. `own`: of the CPU that is measured; `over`: with it the CPU leaves the operation. */
type Edge = Move & { readonly own: boolean; readonly over: boolean };

type Open = { readonly at: number; readonly edges: readonly Edge[]; done: number };

class Operation {
  readonly #model: Model;
  readonly #visited: Reached;
  readonly #claim: OperationClaim;
  readonly #cpu: number;
  readonly #order: Int32Array;
  readonly #low: Int32Array;
  /** The most steps that are ahead of a state. */
  readonly #ahead: Int32Array;
  /** By local state: at which height of the stack the operation stands; -1: the CPU is in none. */
  readonly #heights: number[] = [];
  readonly #stack: number[] = [];
  #next = 1;

  constructor(model: Model, visited: Reached, claim: OperationClaim, cpu: number) {
    this.#model = model;
    this.#visited = visited;
    this.#claim = claim;
    this.#cpu = cpu;
    this.#order = new Int32Array(visited.count);
    this.#low = new Int32Array(visited.count);
    this.#ahead = new Int32Array(visited.count);
  }

  /** Null when the CPU is never in the operation. */
  bound(): Bound | null {
    const { stepper } = this.#model;
    let steps = -1;
    for (let root = 0; root < this.#visited.count; root++) {
      if (this.#order[root] !== 0) continue;
      this.#visited.read(root, stepper.state);
      if (this.#height(stepper.local(this.#cpu)) < 0) continue;
      const lasso = this.#from(root);
      if (lasso !== null) return { claim: this.#claim, cpu: this.#cpu, steps: Infinity, lasso };
      steps = Math.max(steps, this.#ahead[root]!);
    }
    return steps < 0 ? null : { claim: this.#claim, cpu: this.#cpu, steps, lasso: null };
  }

  #from(root: number): Bound['lasso'] {
    const path: Open[] = [this.#open(root)];
    while (path.length > 0) {
      const top = path.at(-1)!;
      if (top.done < top.edges.length) {
        const { to, over } = top.edges[top.done++]!;
        if (over) continue;
        if (this.#order[to] === 0) path.push(this.#open(to));
        else if (this.#order[to]! > 0) this.#low[top.at] = Math.min(this.#low[top.at]!, this.#order[to]!);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) this.#low[above.at] = Math.min(this.#low[above.at]!, this.#low[top.at]!);
      if (this.#low[top.at] !== this.#order[top.at]) continue;
      const lasso = this.#close(top);
      if (lasso !== null) return lasso;
    }
    return null;
  }

  #open(at: number): Open {
    this.#order[at] = this.#low[at] = this.#next++;
    this.#stack.push(at);
    return { at, edges: this.#edges(at), done: 0 };
  }

  /** Takes a finished part off the stack: all that is ahead of it is known. Its states are numbered -1 from then on. */
  #close({ at: root, edges }: Open): Bound['lasso'] {
    const part = this.#stack.splice(this.#stack.lastIndexOf(root));
    const inside = new Set(part);
    let most = 0;
    for (const at of part)
      for (const edge of part.length === 1 ? edges : this.#edges(at)) {
        const own = edge.own ? 1 : 0;
        if (edge.over) most = Math.max(most, own);
        else if (!inside.has(edge.to)) most = Math.max(most, own + this.#ahead[edge.to]!);
        else if (edge.own) return { at, circle: [edge, ...this.#way(edge.to, at, inside)] };
      }
    for (const at of part) {
      this.#order[at] = -1;
      this.#ahead[at] = most;
    }
    return null;
  }

  /** A shortest way between two states of a part. */
  #way(from: number, goal: number, inside: ReadonlySet<number>): readonly Move[] {
    const before = new Map<number, { readonly at: number; readonly edge: Edge }>();
    const queue = [from];
    for (const at of queue) {
      if (before.has(goal) || from === goal) break;
      for (const edge of this.#edges(at)) {
        if (edge.over || !inside.has(edge.to) || edge.to === from || before.has(edge.to)) continue;
        before.set(edge.to, { at, edge });
        queue.push(edge.to);
      }
    }
    const way: Move[] = [];
    for (let at = goal; at !== from; at = before.get(at)!.at) way.unshift(before.get(at)!.edge);
    return way;
  }

  #edges(at: number): readonly Edge[] {
    const { stepper } = this.#model;
    const edges: Edge[] = [];
    for (let cpu = 0; cpu < stepper.cpus; cpu++)
      do {
        this.#visited.read(at, stepper.state);
        if (stepper.advance(cpu) !== DONE) continue;
        const to = this.#visited.find(stepper.state);
        // A search that goes on after failures does not go on from a state in which something is wrong.
        if (to < 0) continue;
        const own = cpu === this.#cpu;
        edges.push({ cpu, picks: stepper.picksTaken(), to, own, over: own && this.#leaves() });
      } while (stepper.nextPicks());
    return edges;
  }

  /** Whether the CPU has left, with the step just done, the operation that it was in before. */
  #leaves(): boolean {
    const { stepper, locals } = this.#model;
    const height = this.#height(stepper.trail[0]!);
    for (let i = 0; i < stepper.pathLength(); i++)
      if (locals.left(stepper.trail[i]!, stepper.answer(i)) < height) return true;
    return false;
  }

  #height(local: number): number {
    return (this.#heights[local] ??= this.#model.locals
      .frames(local)
      .findIndex(({ instance }) => this.#claim.procedures.includes(instance.procedure)));
  }
}
