/**
 * The run that a depth-first search is on: of each state on it its number, and where to go on with its steps when the search is back.
 * Steps are taken CPU by CPU, and of a CPU alternative by alternative.
 *
 * Cost: 9 bytes a step of the run, and half as much again while it grows.
 */
export class Path {
  #length = 0;
  #states = new Int32Array(1024);
  /** By step: the CPU and the alternative to go on with. */
  #cpus = new Uint8Array(1024);
  #turns = new Int32Array(1024);

  /** How many states there are on it. */
  get length(): number {
    return this.#length;
  }

  /** The number of the last state. */
  get last(): number {
    return this.#states[this.#length - 1]!;
  }
  get cpu(): number {
    return this.#cpus[this.#length - 1]!;
  }
  get turn(): number {
    return this.#turns[this.#length - 1]!;
  }

  /** Goes on to a state, none of whose steps has been taken. */
  push(state: number): void {
    if (this.#length === this.#states.length) this.#grow();
    this.#states[this.#length] = state;
    this.#cpus[this.#length] = 0;
    this.#turns[this.#length++] = 0;
  }

  /** The steps of the last state before this one have been taken. */
  note(cpu: number, turn: number): void {
    this.#cpus[this.#length - 1] = cpu;
    this.#turns[this.#length - 1] = turn;
  }

  /** Goes back to the state before. */
  pop(): void {
    this.#length--;
  }

  /** The state before each state on it. */
  parents(): ReadonlyMap<number, number> {
    const before = (i: number): number => (i === 0 ? -1 : this.#states[i - 1]!);
    return new Map(Array.from({ length: this.#length }, (_, i) => [this.#states[i]!, before(i)]));
  }

  bytes(): number {
    return 9 * this.#states.length;
  }

  #grow(): void {
    const room = this.#length + (this.#length >>> 1);
    const [states, cpus, turns] = [this.#states, this.#cpus, this.#turns];
    (this.#states = new Int32Array(room)).set(states);
    (this.#cpus = new Uint8Array(room)).set(cpus);
    (this.#turns = new Int32Array(room)).set(turns);
  }
}
