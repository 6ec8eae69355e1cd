/**
 * What an implementation does to shared memory: one call of `Atomics` on one word. `wait` is an access that is possible only when the
 * word is no longer what it waits on; that somebody must have called `notify` for that is left out, so a lost wake-up is not found.
 */
export const kinds = [
  'load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'wait',
] as const; // prettier-ignore
export type Kind = (typeof kinds)[number];

export type Access = {
  readonly kind: Kind;
  /** Which word of the arena. */
  readonly address: number;
  /** What is stored, added, …; for `compareExchange` and `wait` what is expected; 0 for a load. */
  readonly operand: number;
  /** What `compareExchange` stores; else 0. */
  readonly replacement: number;
};

/** Does the access on the words, alone and at once, and returns what it answers. */
export const perform = (words: Int32Array, { kind, address, operand, replacement }: Access): number => {
  const old = words[address]!;
  switch (kind) {
    case 'store':
      return (words[address] = operand);
    case 'add':
      words[address] = old + operand;
      break;
    case 'sub':
      words[address] = old - operand;
      break;
    case 'and':
      words[address] = old & operand;
      break;
    case 'or':
      words[address] = old | operand;
      break;
    case 'xor':
      words[address] = old ^ operand;
      break;
    case 'exchange':
      words[address] = operand;
      break;
    case 'compareExchange':
      if (old === operand) words[address] = replacement;
      break;
    case 'wait':
      return 0;
    case 'load':
  }
  return old;
};

/** Whether the access can be done now. */
export const isPossible = (words: Int32Array, { kind, address, operand }: Access): boolean =>
  kind !== 'wait' || words[address] !== operand;

/** Whether an access that was answered so has changed nothing, whatever was there. */
export const onlyReads = ({ kind, operand }: Access, answer: number): boolean =>
  kind === 'load' || kind === 'wait' || (kind === 'compareExchange' && answer !== operand);

export const sameAccess = (a: Access, b: Access): boolean =>
  a.kind === b.kind && a.address === b.address && a.operand === b.operand && a.replacement === b.replacement;

/** `compareExchange hook1.flags 0 → 1`, where `what` names the word. */
export const accessText = ({ kind, operand, replacement }: Access, what: string): string => {
  if (kind === 'load') return `load ${what}`;
  return kind === 'compareExchange' ? `${kind} ${what} ${operand} → ${replacement}` : `${kind} ${what} ${operand}`;
};
