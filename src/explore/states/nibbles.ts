/** Numbers in the order of their coming, nearly all of which are less than 15, in four bits each; the others are noted beside them. */
export class Nibbles {
  #count = 0;
  readonly #blocks: Uint8Array[] = [];
  readonly #greater = new Map<number, number>();

  push(number: number): void {
    const index = this.#count++;
    if (number >= GREATER) this.#greater.set(index, number);
    const block = (this.#blocks[index >>> BLOCK] ??= new Uint8Array(1 << (BLOCK - 1)));
    block[(index & IN_BLOCK) >>> 1]! |= Math.min(number, GREATER) << (4 * (index & 1));
  }

  at(index: number): number {
    const two = this.#blocks[index >>> BLOCK]![(index & IN_BLOCK) >>> 1]!;
    const number = (two >>> (4 * (index & 1))) & 15;
    return number === GREATER ? this.#greater.get(index)! : number;
  }

  bytes(): number {
    return (this.#blocks.length << (BLOCK - 1)) + this.#greater.size * 48;
  }
}

const GREATER = 15;
const BLOCK = 11;
const IN_BLOCK = (1 << BLOCK) - 1;
