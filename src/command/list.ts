import { conduct } from '../../spec/claims/conduct.ts';
import { designs, switches } from '../../spec/designs.ts';
import { claims } from '../../spec/properties.ts';
import { scenarioSchema } from '../../spec/scenario.ts';
import { engineProperties } from '../machine/operation.ts';
import { schemaVersion } from '../schema.ts';
import type { Terminal } from '../report/terminal.ts';
import { wrap } from '../report/wrap.ts';
import { findScenario, scenarioNames } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { designNames, protectionsOf } from './selection.ts';

export type ListRequest = {
  readonly json: boolean;
  /** Print spec/scenario.schema.json, which tells an editor what can be said in a scenario. */
  readonly schema: boolean;
};

/** `netgraph-mc list`: what there is to check, on what, against what. */
export const list = ({ json, schema }: ListRequest, terminal: Terminal): ExitCode => {
  if (schema) {
    terminal.out(JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...scenarioSchema }, null, 2));
    return exit.holds;
  }
  const catalogue = catalogueOf();
  terminal.out(json ? JSON.stringify({ schemaVersion, ...catalogue }, null, 2) : text(catalogue, terminal));
  return exit.holds;
};

const catalogueOf = () => ({
  scenarios: scenarioNames().map((name) => ({ name, description: findScenario(name).scenario.description })),
  designs: designNames().map((name) => ({ name, ...designs[name] })),
  switches: Object.entries(switches).map(([name, description]) => ({ name, description })),
  properties: [
    ...[...claims, ...Object.values(conduct)].map(({ name, kind, sentence }) => ({ name, kind, sentence })),
    ...Object.entries(engineProperties).map(([name, sentence]) => ({ name, kind: 'engine', sentence })),
  ],
});

const text = (
  { scenarios, designs, switches, properties }: ReturnType<typeof catalogueOf>,
  terminal: Terminal,
): string => {
  const section = (title: string, rows: readonly (readonly [string, string])[]): string =>
    [terminal.paint('strong', title), ...rows.map(([name, sentence]) => entry(name, sentence, terminal.columns))].join(
      '\n',
    );
  return [
    section(
      'Scenarios',
      scenarios.map(({ name, description }) => [name, description]),
    ),
    section(
      'Designs',
      designs.map(({ name, description }) => [name, description]),
    ),
    section(
      'Switches, and the designs that have them on',
      switches.map(({ name, description }) => [name, `${description} (${whoHas(name, designs)})`]),
    ),
    section(
      'Properties',
      properties.map(({ name, kind, sentence }) => [name, `${kind}: ${sentence}`]),
    ),
  ].join('\n\n');
};

/** The name on a line of its own, the sentence below it. */
const entry = (name: string, sentence: string, columns: number): string =>
  [`  ${name}`, ...wrap(sentence, columns - 6).map((line) => `      ${line}`)].join('\n');

const whoHas = (name: string, all: ReturnType<typeof catalogueOf>['designs']): string =>
  all
    .filter((design) => protectionsOf(design.name).includes(name))
    .map(({ name }) => name)
    .join(', ') || 'none';
