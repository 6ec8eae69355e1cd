import type { Product } from './product.ts';

/** The states of a product that were met, by all that they consist of: exactly. */
export class Keys {
  readonly #product: Product;
  readonly #seen = new Set<string>();
  /** Drafts of answers, and where else the model can be: by text, a number. */
  readonly #numbers = new Map<string, number>([['', 0]]);
  #buffer = Buffer.alloc(1024);

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

  /**
   * Each number in as many bytes as it needs, seven bits in each, so that small ones are short: for the most part they are. Words that hold what they
   * held at the beginning are left out at the end: when an earlier key was made they had not been written to yet.
   */
  #key(beside: readonly number[]): string {
    const { points, side, words, written, model, subject, elsewhere } = this.#product;
    const { callbacks, made, drafts } = side;
    const { state } = model.stepper;
    const most =
      5 * (1 + 2 * points.length + made.length + drafts.length + beside.length + state.length + written.length);
    if (most > this.#buffer.length) this.#buffer = Buffer.alloc(2 * most);
    const buffer = this.#buffer;
    let length = 0;
    const add = (number: number): void => {
      let rest = number;
      for (; rest >>> 7 !== 0; rest >>>= 7) buffer[length++] = (rest & 0x7f) | 0x80;
      buffer[length++] = rest;
    };
    for (const { id } of points) add(id);
    for (const local of callbacks) add(local);
    for (const one of made) add(one?.pointer ?? 0);
    for (const draft of drafts) add(this.#numberOf(String(draft)));
    add(this.#numberOf(elsewhere));
    for (const number of beside) add(number);
    for (const word of state) add(word);
    let last = written.length;
    while (last > 0 && words[written[last - 1]!] === subject.initial[written[last - 1]!]) last--;
    for (let i = 0; i < last; i++) add(words[written[i]!]!);
    return buffer.toString('latin1', 0, length);
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return number;
  }
}
