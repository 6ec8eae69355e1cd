/** Numbers in a sentence. */

const grouping = new Intl.NumberFormat('en-US');

/** `1,234,567`. */
export const grouped = (n: number): string => grouping.format(n);

/** `1 step`, `2 steps`; `several` is what several are called where that is no "s" more. */
export const counted = (n: number, thing: string, several = `${thing}s`): string =>
  `${grouped(n)} ${n === 1 ? thing : several}`;
