/**
 * Something that the C says of itself, or that its design rests on; and who watches it here. The numbers are S for what is said of
 * states, T for what is said of how a run goes on, L for what callers see.
 */
export type Statement = {
  readonly number: string;
  readonly says: string;
  /** Where the C says or implies it. */
  readonly where: readonly string[];
  /** Claims, and properties that the machine watches by itself. */
  readonly by: readonly string[];
  /** KASSERT and panic that stand in the procedures, by what they print. */
  readonly asserts?: readonly string[];
  /** What of it is not watched, or cannot be broken, and why. */
  readonly remark?: string;
};
