import { perform } from './performer.ts';
import type { Routine, Value } from './operation.ts';

/**
 * A procedure of the model: a plain function over shared records. Calling it inside another procedure is a call of the
 * model; its body is run by the machine only, again and again, one shared access further each time. It must depend on
 * nothing but its arguments and the values it receives. To call itself it must use the name of the constant that holds the
 * procedure, or `again`: the name of the function within itself is the bare body.
 */
export interface Procedure<A extends readonly Value[] = never[], R = unknown> extends Routine {
  (...args: A): R;
  /** The C name. */
  readonly title: string;
  /** The lines of the C function, like `subr_x.c:3643-3679`; empty for what is ours. */
  readonly source: string;
  readonly body: (...args: A) => R | Again;
}

/** Makes a procedure of a named function. `source`: file and lines of the C, or '' when there is no C behind it. */
export const procedure = <A extends readonly Value[], R>(
  source: string,
  body: (...args: A) => R | Again,
): Procedure<A, R> => {
  if (body.name === '') throw new Error('[suite bug] a procedure needs a name: procedure(source, function name() {…})');
  const call = ((...args: A) => perform().call(call, args) as R) as Procedure<A, R>;
  Object.defineProperties(call, {
    title: { value: body.name },
    source: { value: source },
    body: { value: body },
  });
  return call;
};

/** Returned by a procedure that calls itself last, or by a loop's turn that goes on: the frame starts anew. */
export class Again {
  readonly args: readonly Value[];
  constructor(args: readonly Value[]) {
    this.args = args;
  }
}

/** `return again(…)`: start this procedure anew with other arguments; nothing of this turn is remembered. */
export const again = (...args: readonly Value[]): Again => new Again(args);

/**
 * A loop. Each turn is a frame of its own and leaves no trace in the procedure around it: a turn that returns nothing is
 * followed by another; whatever else it returns (NULL for nothing in particular) leaves the loop and is its value.
 */
export const forever = <T extends Value>(turn: () => T | undefined | void): T =>
  perform().loop(undefined, () => {
    const left = turn();
    return left === undefined ? again(undefined) : left;
  }) as T;

/**
 * `for (e = first; e != NULL; e = next(e))`, where a turn that returns something leaves the loop with it.
 * The next element is read at the end of the turn, as the C macro does. Returns NULL when the list is at its end.
 */
export const foreach = <E extends Value, T extends Value>(
  first: E | null,
  next: (element: E) => E | null,
  turn: (element: E) => T | undefined | void,
): T | null => {
  if (first === null) return null;
  return perform().loop(first, (element) => {
    const left = turn(element as E);
    if (left !== undefined) return left;
    const following = next(element as E);
    return following === null ? null : again(following);
  }) as T | null;
};
