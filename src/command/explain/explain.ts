import { isConductClaim, isDataClaim } from '../../../spec/claims/conduct.ts';
import { designs, switches, type Switch } from '../../../spec/designs.ts';
import { Complaint } from '../../complaint.ts';
import { schemaVersion } from '../../schema.ts';
import { propertiesTable } from '../../report/properties.ts';
import { didYouMean } from '../../suggestion.ts';
import type { Terminal } from '../../report/terminal.ts';
import { wrap } from '../../report/wrap.ts';
import { statements } from '../../../spec/statements.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import { exit, type ExitCode } from '../exit.ts';
import { meanings, type Meaning } from './meaning.ts';
import { designNames, protectionsOf } from '../selection.ts';

/** `netgraph-mc explain`: what a property claims, where the C says so, and what breaks it; and what a design or a switch is. */
export type ExplainRequest = {
  /** None: all. */
  readonly name?: string;
  readonly json: boolean;
  /** Print spec/PROPERTIES.md instead. */
  readonly markdown: boolean;
};

/** Throws a Complaint when nothing has that name, or the name is not wanted. */
export const explain = ({ name, json, markdown }: ExplainRequest, terminal: Terminal): ExitCode => {
  if (markdown && name !== undefined)
    throw new Complaint('--markdown prints the table of all properties, so none can be named with it.');
  if (markdown) terminal.out(propertiesTable(statements, meanings()));
  else if (name === undefined) terminal.out(json ? asJson({ properties: meanings().map(brief) }) : overview(terminal));
  else terminal.out(one(name, json, terminal));
  return exit.holds;
};

const asJson = (value: object): string => JSON.stringify({ schemaVersion, ...value }, null, 2);

const one = (name: string, json: boolean, terminal: Terminal): string => {
  const meaning = meanings().find((known) => known.name === name);
  if (meaning !== undefined) {
    const evidence = evidenceOf(meaning);
    return json ? asJson({ ...meaning, ...evidence }) : propertyText(meaning, evidence, terminal);
  }
  if (Object.hasOwn(designs, name)) {
    const design = designs[name]!;
    return json ? asJson({ name, kind: 'design', ...design }) : designText(name, design.description, terminal);
  }
  if (!Object.hasOwn(switches, name)) throw unknown(name);
  const sentence = switches[name as Switch];
  const on = whoHas(name as Switch);
  return json ? asJson({ name, kind: 'switch', sentence, on }) : switchText(name, sentence, on, terminal);
};

const unknown = (name: string): Complaint => {
  const known = [...meanings().map((meaning) => meaning.name), ...designNames(), ...Object.keys(switches)];
  return new Complaint(
    `There is no property, design or switch "${name}".${didYouMean(name, known)} ("npx netgraph-mc explain" shows the properties.)`,
  );
};

/** Also of the steps of the repair. */
const whoHas = (name: Switch): readonly string[] =>
  Object.keys(designs).filter((design) => designs[design]!.switches[name]);

/* ---- texts ---- */

const kinds: Readonly<Record<Meaning['kind'], string>> = {
  always: 'claimed of every state',
  finally: 'claimed of every end of a run',
  sometimes: 'claimed of at least one state',
  eventually: 'claimed of every run, if no thread is kept waiting for ever',
  steps: 'claimed of every access that a step makes',
  unhindered: 'claimed of every state: who must not wait there for whom',
  bounded: 'claimed of every run, however long the others go on',
  ends: 'claimed of every run in which no thread is kept waiting for ever',
  engine: 'watched by the machine in every run',
  KASSERT: 'a KASSERT of the C',
  panic: 'a panic of the C',
};

const brief = ({ name, kind, sentence, asked, statements: of }: Meaning) => ({
  name,
  kind,
  sentence,
  asked,
  statements: of.map(({ number }) => number),
});

const overview = (terminal: Terminal): string =>
  [
    ...meanings().flatMap((meaning) => [
      terminal.paint('strong', meaning.name),
      ...indented(`${meaning.sentence} (${kindText(meaning)})`, 4, terminal),
    ]),
    '',
    'npx netgraph-mc explain NAME says more; NAME can also be a design or a switch.',
  ].join('\n');

const kindText = ({ name, kind, asked }: Meaning): string => {
  if (isConductClaim(name))
    return `${kinds[kind]}; ${isDataClaim(name) ? 'by the command data, or ' : ''}where check is asked for it`;
  return kinds[kind] + (asked ? ', where a scenario asks for it' : '');
};

const propertyText = (meaning: Meaning, { verdicts, counterexamples }: Evidence, terminal: Terminal): string =>
  [
    terminal.paint('strong', meaning.name),
    ...indented(`${meaning.sentence} (${kindText(meaning)})`, 2, terminal),
    ...section('What the C says', meaning.statements.flatMap((of) => statementLines(of, terminal)), terminal),
    ...section('Accepted verdicts that break it', verdicts.map(({ scenario, design }) => `    ${scenario} on ${design}`), terminal),
    ...section('Saved runs that show it', counterexamples.map((path) => `    ${path}`), terminal),
  ].join('\n'); // prettier-ignore

const statementLines = (
  { number, says, where, remark }: Meaning['statements'][number],
  terminal: Terminal,
): readonly string[] => [
  ...indented(`${number}: ${says} (${where.join(', ')})`, 4, terminal),
  ...(remark === undefined ? [] : indented(remark, 8, terminal)),
];

const section = (title: string, lines: readonly string[], terminal: Terminal): readonly string[] => [
  '',
  `  ${terminal.paint('strong', title)}`,
  ...(lines.length === 0 ? ['    none'] : lines),
];

const designText = (name: string, description: string, terminal: Terminal): string =>
  [
    terminal.paint('strong', name),
    ...indented(`${description} (a design)`, 2, terminal),
    ...section(
      'Switches that it has on',
      protectionsOf(name).flatMap((on) => [`    ${on}`, ...indented(switches[on as Switch], 8, terminal)]),
      terminal,
    ),
  ].join('\n');

const switchText = (name: string, sentence: string, on: readonly string[], terminal: Terminal): string =>
  [
    terminal.paint('strong', name),
    ...indented(`${sentence} (a switch)`, 2, terminal),
    ...section('Designs that have it on', on.map((design) => `    ${design}`), terminal),
  ].join('\n'); // prettier-ignore

const indented = (text: string, by: number, { columns }: Terminal): readonly string[] =>
  wrap(text, columns - by).map((line) => ' '.repeat(by) + line);
