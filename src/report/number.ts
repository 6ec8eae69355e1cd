/** Numbers as people read them. */

const grouping = new Intl.NumberFormat('en-US');

/** `1,234,567`. */
export const grouped = (n: number): string => grouping.format(n);

/** `0.31`, `12.4`, `1,250`: three figures are enough for a time. */
export const seconds = (s: number): string => (s < 10 ? s.toFixed(2) : s < 100 ? s.toFixed(1) : grouped(Math.round(s)));

/** `212 MB`, in powers of ten. */
export const megabytes = (bytes: number): string => `${grouped(Math.round(bytes / 1e6))} MB`;

/** `1 step`, `2 steps`; `several` is what several are called where that is no "s" more. */
export const counted = (n: number, thing: string, several = `${thing}s`): string =>
  `${grouped(n)} ${n === 1 ? thing : several}`;
