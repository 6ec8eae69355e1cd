import { grouped } from '../explore/automata/number.ts';

/** Numbers as people read them. */

export { counted, grouped } from '../explore/automata/number.ts';

/** `0.31`, `12.4`, `1,250`: three figures are enough for a time. */
export const seconds = (s: number): string => (s < 10 ? s.toFixed(2) : s < 100 ? s.toFixed(1) : grouped(Math.round(s)));

/** `212 MB`, in powers of ten. */
export const megabytes = (bytes: number): string => `${grouped(Math.round(bytes / 1e6))} MB`;
