import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { designs } from '../../spec/designs.ts';
import { scenarioSchema, ScenarioError, type Scenario } from '../../spec/scenario.ts';
import { Complaint } from '../complaint.ts';
import { readJson } from '../reading.ts';
import { didYouMean } from '../suggestion.ts';
import { validator } from '../schema.ts';
import { shown, suite } from '../suite.ts';

/** The scenarios: the suite's own by name, anybody's by path. */
export type NamedScenario = { readonly name: string; readonly path: string; readonly scenario: Scenario };

/** Names of the suite's own scenarios. */
export const scenarioNames = (): readonly string[] =>
  readdirSync(suite.scenarios)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .toSorted();

/** `both-ends+reuse` is the scenario `both-ends`, where memory that was freed is handed out once more. */
const REUSE = '+reuse';
export const reusing = (name: string): string => `${name}${REUSE}`;
export const isReusing = (name: string): boolean => name.endsWith(REUSE);

/** Whether it is one of the suite's own, with memory handed out once more or not. */
export const isOfSuite = (name: string): boolean =>
  scenarioNames().includes(isReusing(name) ? name.slice(0, -REUSE.length) : name);

/** The scenario of that name or in that file. Throws a Complaint when there is none or it is none. */
export const findScenario = (asked: string): NamedScenario => {
  if (!isReusing(asked)) return written(asked);
  const { name, path, scenario } = written(asked.slice(0, -REUSE.length));
  return { name: reusing(name), path, scenario: { ...scenario, reuse: true } };
};

/** How a user asks for a scenario that was found. */
export const askedAs = ({ name, path }: Pick<NamedScenario, 'name' | 'path'>): string =>
  path.startsWith(suite.scenarios) ? name : isReusing(name) ? reusing(shown(path)) : shown(path);

const written = (nameOrPath: string): NamedScenario => {
  const isPath = nameOrPath.includes('/') || nameOrPath.endsWith('.json');
  const path = isPath ? nameOrPath : join(suite.scenarios, `${nameOrPath}.json`);
  if (!isPath && !scenarioNames().includes(nameOrPath)) {
    const hint = Object.hasOwn(designs, nameOrPath) ? ' It is a design.' : didYouMean(nameOrPath, scenarioNames());
    throw new Complaint(
      `There is no scenario "${nameOrPath}".${hint} ("npx netgraph-mc list" shows them; a path needs a "/" or ".json".)`,
    );
  }
  return { name: basename(path, '.json'), path, scenario: readScenario(readJson(path), shown(path)) };
};

export const readScenario = validator<Scenario>(scenarioSchema);

/** Builds something out of a scenario; a scenario that contradicts itself is the user's to put right. */
export const building = <T>(path: string, build: () => T): T => {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw new Complaint(`${shown(path)}: ${error.path} ${error.message}`);
  }
};
