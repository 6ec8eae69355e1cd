import type { Conduct, OperationClaim } from '../../src/machine/conduct.ts';
import type { RecordType } from '../../src/machine/operation.ts';
import type { World } from '../../src/machine/world.ts';
import { written } from './naive.ts';
import {
  holders,
  Machine,
  memoryOf,
  type Deed,
  type Frame,
  type Outcome,
  type State,
  type Waiting,
} from './naiveStep.ts';

/** The reference for claims about how steps are done: whole stacks are looked at, nothing is remembered. */

export type Breach = { readonly claim: Conduct; readonly pending: Deed['pending'] };

/** What the step breaks that was tried on `state`, in the order of its accesses and then of the claims. */
export const breaches = (claims: readonly Conduct[], state: State, tried: Outcome | Waiting): readonly Breach[] => {
  if (tried.kind === 'waits')
    return claims.filter((claim) => hinders(claim, state, tried)).map((claim) => ({ claim, pending: tried.pending }));
  return (tried.did ?? []).flatMap((deed) =>
    claims
      .filter((claim) => claim.kind === 'steps' && !allows(claim, deed))
      .map((claim) => ({ claim, pending: deed.pending })),
  );
};

const allows = (claim: Extract<Conduct, { kind: 'steps' }>, { pending, stack }: Deed): boolean =>
  claim.holds({ operation: pending.operation, running: running(claim, stack) }) === true;

const running = ({ procedures }: Conduct, stack: readonly Frame[]) =>
  stack.filter(({ turn, procedure }) => !turn && procedures.includes(procedure)).map(({ procedure }) => procedure);

const hinders = (claim: Conduct, before: State, { pending, stack, state }: Waiting): boolean => {
  if (claim.kind !== 'unhindered' || pending.idle || running(claim, stack).length === 0) return false;
  const { operation } = pending;
  if (operation.kind !== 'cell') return true;
  const { kind, name } = operation.cell.field;
  if (kind !== 'mutex' && kind !== 'rwlock') return true;
  if (claim.aside?.includes(name) === true) return false;
  const held = holders(kind, memoryOf(state, operation.cell.record).fields[name]);
  return held.length === 0 || held.some((cpu) => running(claim, before.cpus[cpu]!.stack).length === 0);
};

/**
 * For each CPU that is ever in the operation, the most steps that it makes before it leaves it. The number is raised, state by state,
 * until nothing changes any more; where there are more steps than states, it would be raised for ever.
 */
export const naiveBounds = (
  world: World,
  claim: OperationClaim,
  fuse: boolean,
  statics: readonly RecordType[] = [],
): readonly number[] => {
  const machine = new Machine(world, fuse, statics);
  const states = reachable(machine);
  return machine.begin().cpus.flatMap((_, cpu) => {
    const inside = [...states.values()].filter((state) => rootOf(claim, state.cpus[cpu]!.stack) >= 0);
    const ahead = new Map(inside.map((state) => [written(state), 0]));
    for (let changed = true; changed;) {
      changed = false;
      for (const state of inside) {
        const key = written(state);
        const most = Math.max(
          0,
          ...state.cpus.flatMap((__, mover) =>
            machine.steps(state, mover).map((outcome) => {
              if (outcome.kind !== 'state') return 0;
              const own = mover === cpu ? 1 : 0;
              const over = own === 1 && leaves(claim, state.cpus[cpu]!.stack, outcome, cpu);
              return own + (over ? 0 : ahead.get(written(outcome.state))!);
            }),
          ),
        );
        if (most > inside.length) return [Infinity];
        if (most > ahead.get(key)!) changed = true;
        ahead.set(key, most);
      }
    }
    return ahead.size === 0 ? [] : [Math.max(...ahead.values())];
  });
};

/**
 * Whether a run can go on for ever, and whether one can that keeps no CPU waiting for ever. Taken away, until nothing changes any more: states that lead to none
 * that is left, and those from which, among what is left, a CPU comes neither to a step of its own nor to where it has none (Emerson and Lei 1985).
 */
export const naiveEndless = (
  world: World,
  fuse: boolean,
  statics: readonly RecordType[] = [],
): { readonly isEndless: boolean; readonly hasCircle: boolean } => {
  const machine = new Machine(world, fuse, statics);
  const moves = new Map(
    [...reachable(machine)].map(([key, state]) => [
      key,
      state.cpus.map((_, cpu) =>
        machine.steps(state, cpu).flatMap((outcome) => (outcome.kind === 'state' ? [written(outcome.state)] : [])),
      ),
    ]),
  );
  const left = new Set(moves.keys());
  const cpus = machine.begin().cpus.map((_, cpu) => cpu);
  const leads = (key: string, to: ReadonlySet<string>): boolean =>
    moves.get(key)!.some((ways) => ways.some((way) => to.has(way)));
  const goOn = (): void => {
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const key of left) if (!leads(key, left)) left.delete(key);
    }
  };
  goOn();
  const hasCircle = left.size > 0;
  for (let before = -1; before !== left.size;) {
    before = left.size;
    goOn();
    for (const cpu of cpus) {
      const reaching = new Set(
        [...left].filter((key) => {
          const own = moves.get(key)![cpu]!;
          return own.length === 0 || own.some((to) => left.has(to));
        }),
      );
      for (let known = -1; known !== reaching.size;) {
        known = reaching.size;
        for (const key of left)
          if (
            moves
              .get(key)!
              .flat()
              .some((to) => reaching.has(to))
          )
            reaching.add(key);
      }
      for (const key of left) if (!reaching.has(key)) left.delete(key);
    }
  }
  return { isEndless: left.size > 0, hasCircle };
};

const reachable = (machine: Machine): ReadonlyMap<string, State> => {
  const first = machine.begin();
  const known = new Map([[written(first), first]]);
  for (const state of known.values())
    for (const outcome of state.cpus.flatMap((_, cpu) => machine.steps(state, cpu)))
      if (outcome.kind === 'state' && !known.has(written(outcome.state)))
        known.set(written(outcome.state), outcome.state);
  return known;
};

/** The frame of the procedure with which the operation began. */
const rootOf = ({ procedures }: OperationClaim, stack: readonly Frame[]): number =>
  stack.findIndex(({ turn, procedure }) => !turn && procedures.includes(procedure));

/** As long as the caller has not got its answer, it is the very same frame. */
const leaves = (
  claim: OperationClaim,
  before: readonly Frame[],
  { state, did = [] }: Extract<Outcome, { kind: 'state' }>,
  cpu: number,
): boolean => {
  const root = rootOf(claim, before);
  const callers = before.slice(0, root);
  const stacks = [...did.map(({ stack }) => stack), state.cpus[cpu]!.stack];
  return stacks.some((stack) => stack.length <= root || callers.some((frame, i) => stack[i] !== frame));
};
