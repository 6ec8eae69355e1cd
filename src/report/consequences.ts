/** A break that has no cause of its own: a finding meets one more access. */
export type Consequence = {
  /** Property and C line or procedure, as keyOf makes it. */
  readonly key: string;
  /** The name of the finding. */
  readonly of: string;
  /** Why fixing the one mends the other, in one sentence of C words. */
  readonly why: string;
};

/** What is known of a break. `of`: names of findings. */
export type Known =
  | { readonly kind: 'finding'; readonly of: readonly string[] }
  | { readonly kind: 'consequence'; readonly of: readonly string[] }
  | { readonly kind: 'new' };

/**
 * The same for the same property broken at the same C line, whatever the records and CPUs are called. Where a step fails that has
 * no C line, its procedure stands for one. What is wrong with a state or an end has neither: there the property alone decides, so a
 * second way to break such a property is not told from the first.
 */
export const keyOf = ({ property, message }: { readonly property: string; readonly message: string }): string =>
  `${property} ${placeIn(message)}`.trimEnd();

/** `CPU0 in ng_findhook (ng_base.c:1171) reads …`: the C line, or the procedure. */
const placeIn = (message: string): string =>
  /\((\w+\.[ch]:\d+)\)/.exec(message)?.[1] ?? /^\w+ in (\w+) /.exec(message)?.[1] ?? '';

/** Entries that cannot be right, one sentence each. `findings`: keys by the name of the finding whose saved runs have them. */
export const contradictions = (
  consequences: readonly Consequence[],
  findings: ReadonlyMap<string, readonly string[]>,
): readonly string[] => {
  const own = new Set([...findings.values()].flat());
  const pairs = consequences.map(({ key, of }) => `${key} of "${of}"`);
  return [
    ...consequences.filter(({ of }) => !findings.has(of)).map(({ key, of }) => `${key}: there is no finding "${of}"`),
    ...consequences
      .filter(({ key }) => own.has(key))
      .map(({ key }) => `${key} is a consequence, but a finding has it too`),
    ...new Set(pairs.filter((pair, i) => pairs.indexOf(pair) < i).map((pair) => `${pair} stands twice`)),
  ];
};

/** What is known of the break with this key. */
export const knownOf = (
  key: string,
  consequences: readonly Consequence[],
  findings: ReadonlyMap<string, readonly string[]>,
): Known => {
  const named = [...findings].filter(([, keys]) => keys.includes(key)).map(([name]) => name);
  if (named.length > 0) return { kind: 'finding', of: named };
  const of = consequences.filter((consequence) => consequence.key === key).map((consequence) => consequence.of);
  return of.length > 0 ? { kind: 'consequence', of } : { kind: 'new' };
};

/** The section of FINDINGS.md, by finding. */
export const consequencesText = (consequences: readonly Consequence[]): readonly string[] => [
  '## The same causes at other accesses',
  '',
  'What `netgraph-mc survey` meets beside the runs above and what has no cause of its own: which finding it follows from, and why.',
  '',
  '| property | where | follows from | because |',
  '| --- | --- | --- | --- |',
  ...consequences.map(({ key, of, why }) => {
    const [property, place = ''] = key.split(' ');
    return `| ${[property, place, of, why].map((cell) => cell!.replaceAll('|', '\\|')).join(' | ')} |`;
  }),
];
