import type { Value } from '../../machine/operation.ts';
import type { Field } from '../../machine/record.ts';

/** Locks, as their cells show them. */

export const isLock = ({ kind }: Field): boolean => kind === 'mutex' || kind === 'rwlock';

/** The CPUs that hold a lock, by what its cell holds. */
export const holdersOf = ({ kind }: Pick<Field, 'kind'>, held: Value): readonly number[] => {
  if (typeof held === 'string') return held.startsWith('writer ') ? [Number(held.slice('writer '.length))] : [];
  if (typeof held !== 'number') return [];
  return kind === 'mutex' ? [held] : Array.from({ length: 32 }, (_, i) => i).filter((i) => (held & (1 << i)) !== 0);
};
