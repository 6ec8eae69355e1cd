import { InvalidArgumentError } from 'commander';
import type { Shard } from '../command/gate/scope.ts';

/** What the words after options mean. Each throws InvalidArgumentError, which says what it should have been. */

export const wholeNumber = (text: string): number => {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('It should be a whole number from 1 on.');
  return n;
};

/** What is drawn is drawn from 32 bits: a larger seed would be another one. */
export const seed = (text: string): number => {
  if (wholeNumber(text) >= 2 ** 32) throw new InvalidArgumentError('It should be less than 4,294,967,296.');
  return Number(text);
};

export const count = (text: string): number => {
  const n = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError('It should be a number from 0 on.');
  return n;
};

export const duration = (text: string): number => {
  const n = Number(text);
  if (!(n > 0 && n < 1e9)) throw new InvalidArgumentError('It should be a number of seconds.');
  return n;
};

export const minutes = (text: string): number => {
  const n = Number(text);
  if (!(n > 0 && n < 1e6)) throw new InvalidArgumentError('It should be a number of minutes.');
  return n;
};

/** An option that may be said several times; who says several words after it takes the scenarios for some of them. */
export const oneMore = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export const shard = (text: string): Shard => {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number < 1 || of < number)
    throw new InvalidArgumentError('It should be a part like 2/4, from 1/4 to 4/4.');
  return { number, of };
};
