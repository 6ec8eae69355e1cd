/** spec/PROPERTIES.md: what the C says of itself, and who watches it. */

type Said = {
  readonly number: string;
  readonly says: string;
  readonly where: readonly string[];
  readonly by: readonly string[];
  readonly asserts?: readonly string[];
  readonly remark?: string;
};
type Meant = {
  readonly name: string;
  readonly kind: string;
  readonly sentence: string;
  readonly asked: boolean;
  readonly statements: readonly Said[];
};

/** The whole file but for its last newline. */
export const propertiesTable = (said: readonly Said[], meant: readonly Meant[]): string =>
  [
    '<!-- Generated: netgraph-mc explain --markdown > spec/PROPERTIES.md -->',
    '',
    '# What the C says of itself, and who watches it',
    '',
    'S: of states; T: of how a run goes on; L: of what callers see.',
    '',
    ...table(
      ['number', 'what is said', 'where', 'watched by', 'remark'],
      said.map(({ number, says, where, by, asserts = [], remark = '' }) => [
        number,
        says,
        where.join(', '),
        [...by.map(code), ...asserts.map((text) => `KASSERT "${text}"`)].join(', '),
        remark,
      ]),
    ),
    '',
    '# The properties',
    '',
    'A claim marked with * is made where a scenario asks for it (`claims`); one about data operations, by the command `data` and by',
    '`check --claim`.',
    '',
    ...table(
      ['name', 'kind', 'what is claimed', 'number'],
      meant.map(({ name, kind, sentence, asked, statements }) => [
        code(name) + (asked ? ' \\*' : ''),
        kind,
        sentence,
        statements.map(({ number }) => number).join(', '),
      ]),
    ),
  ].join('\n');

const code = (name: string): string => `\`${name}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`);

const cell = (text: string): string => text.replaceAll('|', '\\|');
