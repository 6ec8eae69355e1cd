import type { Value } from '../../machine/operation.ts';
import type { Frame } from '../automata/frame.ts';
import type { Model } from '../model/model.ts';

/**
 * The stacks of frames of all CPUs along one run, exactly: with the arguments that the calls really had. The explorer knows
 * them only up to the quotient, in which two calls that do the same are one, whatever they were given.
 */
export class Stacks {
  readonly #frames: Frame[][];

  constructor(model: Model) {
    this.#frames = model.cpuNames.map((_, cpu) => {
      const entry = model.automata.entries[cpu];
      return entry === undefined ? [] : settled([entry]);
    });
  }

  /** Outermost first; empty when the program is over. */
  of(cpu: number): readonly Frame[] {
    return this.#frames[cpu]!;
  }

  /** The CPU's operation was answered with `value`. */
  receive(cpu: number, value: Value): void {
    const frames = this.#frames[cpu]!;
    this.#frames[cpu] = settled([...frames.slice(0, -1), frames.at(-1)!.successors.get(value)!]);
  }

  /** The CPU, which was at rest, begins with `entry`. */
  start(cpu: number, entry: Frame): void {
    this.#frames[cpu] = settled([entry]);
  }
}

/** Enters calls and takes returns until the frame on top is about to do an operation. */
const settled = (frames: Frame[]): Frame[] => {
  for (let top = frames.at(-1); top !== undefined && top.pending.kind !== 'operation'; top = frames.at(-1)) {
    if (top.pending.kind === 'return') {
      frames.pop();
      const caller = frames.pop();
      if (caller !== undefined) frames.push(caller.successors.get(top.pending.value)!);
    } else if (top.pending.kind === 'again') {
      frames.pop();
      frames.push(top.target!.entry);
    } else {
      frames.push(top.target!.entry);
    }
  }
  return frames;
};
