import type { Variable } from './variables.ts';

/**
 * What a CPU does in one step, as questions to the state before it: the form that every language is written from.
 *
 * All questions are about the state before the step and all changes are made at once, so nothing depends on the order of either.
 */
export type Decision =
  | { readonly kind: 'never' }
  | { readonly kind: 'fails' }
  | { readonly kind: 'goes'; readonly changes: readonly Change[] }
  /** By the value of a variable. With a value that has no branch it cannot happen. */
  | { readonly kind: 'look'; readonly variable: Variable; readonly branches: readonly Branch[] }
  /** Whether at least one of these is so. */
  | { readonly kind: 'ask'; readonly any: readonly Among[]; readonly yes: Decision; readonly no: Decision }
  /** Any of these that can happen. */
  | { readonly kind: 'choose'; readonly from: readonly Decision[] };

export type Branch = { readonly value: number; readonly next: Decision };

/** That a variable has one of some values. */
export type Among = { readonly variable: Variable; readonly values: readonly number[] };

export type Change = { readonly variable: Variable; readonly to: Sum };

/** A number, and the bits whose condition holds; no two of its bits are the same. */
export type Sum = { readonly fixed: number; readonly bits: readonly Bit[] };
export type Bit = { readonly bit: number; readonly when: Among };

export const NEVER: Decision = { kind: 'never' };
export const FAILS: Decision = { kind: 'fails' };

/** A look, without the branches on which nothing can happen. */
export const look = (variable: Variable, branches: readonly Branch[]): Decision => {
  const open = branches.filter(({ next }) => next.kind !== 'never');
  return open.length === 0 ? NEVER : { kind: 'look', variable, branches: open };
};

/** A choice, without what cannot happen. */
export const choose = (from: readonly Decision[]): Decision => {
  const open = from.filter(({ kind }) => kind !== 'never');
  return open.length === 0 ? NEVER : open.length === 1 ? open[0]! : { kind: 'choose', from: open };
};

/** How many ways to go on there are at most in one state. */
export const widthOf = (decision: Decision): number => {
  switch (decision.kind) {
    case 'never':
      return 0;
    case 'fails':
    case 'goes':
      return 1;
    case 'look':
      return Math.max(...decision.branches.map(({ next }) => widthOf(next)));
    case 'ask':
      return Math.max(widthOf(decision.yes), widthOf(decision.no));
    case 'choose':
      return decision.from.reduce((sum, each) => sum + widthOf(each), 0);
  }
};

/** One way through a decision: on which conditions, and what it then changes; null: it fails. */
export type Way = { readonly conditions: readonly Condition[]; readonly changes: readonly Change[] | null };
/** Whether at least one of these is so, and the answer. */
export type Condition = { readonly any: readonly Among[]; readonly answer: boolean };

/** Every way through a decision, one by one, for languages that have no branches. */
export const waysOf = (decision: Decision): readonly Way[] => {
  const behind = (condition: Condition, next: Decision): readonly Way[] =>
    waysOf(next).map(({ conditions, changes }) => ({ conditions: [condition, ...conditions], changes }));
  switch (decision.kind) {
    case 'never':
      return [];
    case 'fails':
      return [{ conditions: [], changes: null }];
    case 'goes':
      return [{ conditions: [], changes: decision.changes }];
    case 'look': {
      const { variable, branches } = decision;
      return branches.flatMap(({ value, next }) =>
        behind({ any: [{ variable, values: [value] }], answer: true }, next),
      );
    }
    case 'ask': {
      const { any, yes, no } = decision;
      return [...behind({ any, answer: true }, yes), ...behind({ any, answer: false }, no)];
    }
    case 'choose':
      return decision.from.flatMap(waysOf);
  }
};
