import type { Product } from './product.ts';

/** The states of a product that were met, by all that they consist of: exactly. */
export class Keys {
  readonly #product: Product;
  readonly #seen = new Set<string>();
  #buffer = new Int32Array(256);

  constructor(product: Product) {
    this.#product = product;
  }

  get count(): number {
    return this.#seen.size;
  }

  /** Whether the present state of the product is met for the first time together with these numbers. Cost: O(words written to). */
  isNew(beside: readonly number[] = []): boolean {
    const before = this.#seen.size;
    this.#seen.add(this.#key(beside));
    return this.#seen.size > before;
  }

  /** Words that hold what they held at the beginning are left out at the end: when an earlier key was made they had not been written to yet. */
  #key(beside: readonly number[]): string {
    const { points, callbacks, made, words, written, model, subject } = this.#product;
    const { state } = model.stepper;
    const most = 2 * points.length + made.length + beside.length + state.length + written.length;
    if (most > this.#buffer.length) this.#buffer = new Int32Array(2 * most);
    let length = 0;
    for (const { id } of points) this.#buffer[length++] = id;
    for (const local of callbacks) this.#buffer[length++] = local;
    for (const one of made) this.#buffer[length++] = one?.pointer ?? 0;
    for (const number of beside) this.#buffer[length++] = number;
    for (const word of state) this.#buffer[length++] = word;
    let last = written.length;
    while (last > 0 && words[written[last - 1]!] === subject.initial[written[last - 1]!]) last--;
    for (let i = 0; i < last; i++) this.#buffer[length++] = words[written[i]!]!;
    return String.fromCharCode(...new Uint16Array(this.#buffer.buffer, 0, 2 * length));
  }
}
