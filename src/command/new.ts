import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { ownDesigns, repairs, switches } from '../../spec/designs.ts';
import type { Property } from '../machine/property.ts';
import { Complaint } from '../complaint.ts';
import { readText } from '../reading.ts';
import type { Terminal } from '../report/terminal.ts';
import { withDesign } from '../scaffold/design.ts';
import { claimText, constantOf, isFree, withProperty } from '../scaffold/property.ts';
import { scenarioText } from '../scaffold/scenario.ts';
import { save, type Document } from '../saving.ts';
import { shown, suite } from '../suite.ts';
import { askedAs, findScenario, isReusing } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { meanings } from './explain/meaning.ts';
import { isDesign, selectDesigns } from './selection.ts';

/** `netgraph-mc new`: a design, a scenario or a property to begin with, with comments that say how to go on. */

export type NewDesignRequest = {
  readonly name: string;
  readonly from: string;
  /** Name of a switch for what is new. */
  readonly switch?: string;
  /** Switches of `from` to do without. */
  readonly off: readonly string[];
};

export const newDesign = ({ name, from, off, ...given }: NewDesignRequest, terminal: Terminal): ExitCode => {
  requireName(name);
  if (isDesign(name)) throw new Complaint(`There is a design "${name}" already; spec/designs.ts has it.`);
  selectDesigns([from], off);
  if (ownDesigns.includes(from))
    throw new Complaint(`"${from}" is of your own; a new one begins with a published design or a step of the repair.`);
  const added = given.switch;
  if (added !== undefined) {
    requireName(added);
    if (Object.hasOwn(switches, added))
      throw new Complaint(`There is a switch "${added}" already; "npx netgraph-mc explain ${added}" says what it is.`);
  }
  const path = suite.designs;
  const isRepair = repairs.some((repair) => repair.name === from);
  const design = { name, base: from, from: isRepair ? 'repairing' : 'published', added, off } as const;
  const text = withDesign(readText(path), shown(path), design);
  save([{ path, text }]);
  return told(
    terminal,
    [{ path, text }],
    [
      ...(added === undefined ? [] : [`Where the C differs, write given('${added}') in a procedure of spec/.`]),
      `npx netgraph-mc check packet-rmhook --design ${name}`,
      `npx netgraph-mc gate packet-rmhook --design ${name} --update     # accept what it comes to; without names: in every scenario, which takes tens of minutes`,
    ],
  );
};

export type NewScenarioRequest = { readonly name: string; readonly from: string };

export const newScenario = ({ name, from }: NewScenarioRequest, terminal: Terminal): ExitCode => {
  const isPath = name.includes('/') || name.endsWith('.json');
  if (!isPath) requireName(name);
  else if (!/(^|\/)[^/.][^/]*\.json$/.test(name))
    throw new Complaint(`"${name}" is no path of a scenario: it ends in ".json", with a name before that.`);
  if (isReusing(from))
    throw new Complaint(`--from: begin with ${from.slice(0, from.indexOf('+'))}, and write "reuse": true into it.`);
  const path = isPath ? name : join(suite.scenarios, `${name}.json`);
  requireAbsent(path);
  const base = findScenario(from);
  const text = scenarioText(base.name, readText(base.path), relative(dirname(path), suite.scenarioSchema));
  save([{ path, text }]);
  return told(
    terminal,
    [{ path, text }],
    [
      `npx netgraph-mc check ${askedAs({ name: basename(path, '.json'), path })} --design lockfree`,
      ...(isPath ? [] : [`npx netgraph-mc gate ${name} --update     # accept what it comes to, on every design`]),
    ],
  );
};

export type NewPropertyRequest = { readonly name: string; readonly kind: Property['kind'] };

export const newProperty = ({ name, kind }: NewPropertyRequest, terminal: Terminal): ExitCode => {
  requireName(name);
  if (meanings().some((meaning) => meaning.name === name))
    throw new Complaint(
      `There is a property "${name}" already; "npx netgraph-mc explain ${name}" says what it claims.`,
    );
  const claim = join(suite.claims, `${constantOf(name)}.ts`);
  requireAbsent(claim);
  const path = suite.properties;
  if (!isFree(constantOf(name), `${readText(path)}${claimText({ name: 'other', kind })}`))
    throw new Complaint(
      `"${name}" would be ${constantOf(name)} in TypeScript, which means something else there already.`,
    );
  const documents = [
    { path: claim, text: claimText({ name, kind }) },
    { path, text: withProperty(readText(path), shown(path), { name, kind }) },
  ];
  save(documents);
  return told(terminal, documents, [
    'It is broken everywhere until it is written. What the C says that it looks after goes into spec/statements/, and a fault that breaks it into checks/spec/faults.ts.',
    'npx netgraph-mc check packet-rmhook --design lockfree',
  ]);
};

/** What the suite names things by, in files, on command lines and in TypeScript. */
const requireName = (name: string): void => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Complaint(`"${name}" is no name: small letters and digits, words joined by "-", a letter first.`);
};

const requireAbsent = (path: string): void => {
  if (existsSync(path)) throw new Complaint(`${shown(path)} is there already, and stays as it is.`);
};

const told = (terminal: Terminal, documents: readonly Document[], next: readonly string[]): ExitCode => {
  for (const { path } of documents) terminal.out(`written: ${shown(path)}`);
  terminal.out(['next:', ...next.map((line) => `  ${line}`)].join('\n'));
  return exit.holds;
};
