import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { switches } from '../../../spec/designs.ts';
import { Complaint } from '../../complaint.ts';
import { matrixText, readMatrix, type Matrix } from '../../matrix/pinned.ts';
import type { Row } from '../../matrix/row.ts';
import { readText } from '../../reading.ts';
import { betweenMarks, matrixMarkdown } from '../../report/matrix.ts';
import { counted } from '../../report/number.ts';
import { save } from '../../saving.ts';
import { shown, suite } from '../../suite.ts';
import { isOfSuite, reusing, scenarioNames } from '../catalogue.ts';
import { mutantsOf } from './mutants.ts';

/** What is made of the matrix: spec/matrix.json, the table of README, and a saved run for each row. */

export const markdownOf = ({ rows }: Pick<Matrix, 'rows'>): string => matrixMarkdown(rows, switches);

/** README as it has to be: with the table of these rows. Throws a Complaint when there is no place for it. */
export const freshReadme = ({ rows }: Pick<Matrix, 'rows'>): string => {
  const text = betweenMarks(readText(suite.readme), markdownOf({ rows }));
  if (text === null)
    throw new Complaint(
      `${shown(suite.readme)} has no place for the matrix: it needs the lines <!-- matrix --> and <!-- /matrix -->.`,
    );
  return text;
};

/** Asked before a long run, not after it: whether what comes of it can be pinned. Throws a Complaint when it cannot. */
export const requirePlace = (design: string, scenarios: readonly string[]): void => {
  const pinned = readMatrix(suite.matrix)?.design ?? design;
  if (pinned !== design)
    throw new Complaint(`${shown(suite.matrix)} is of the design ${pinned}: rows of ${design} cannot be pinned in it.`);
  const own = scenarios.find((name) => !isOfSuite(name));
  if (own !== undefined) throw new Complaint(`"${own}" is no scenario of the suite, and only those are pinned.`);
  freshReadme({ rows: [] });
};

/** Names of the files that the rows are shown by. */
export const runFilesOf = (matrix: Matrix | null): readonly string[] =>
  (matrix?.rows ?? []).flatMap(({ caughtBy }) =>
    caughtBy.flatMap(({ counterexample }) => (counterexample === null ? [] : [basename(counterexample)])),
  );

/**
 * Pins what was found, and says what that was. Rows that were not asked for stay as they are, and what a row says of scenarios that were not; a
 * run that no row is shown by any more is taken away. Of scenarios that the whole design does not hold, and of those that there are no more, nothing stays.
 */
export const pin = (found: Matrix, notHeld: readonly string[]): readonly string[] => {
  const before = readMatrix(suite.matrix);
  const matrix = { ...found, rows: merged(found, before, notHeld).map(inSuite) };
  save([
    { path: suite.matrix, text: matrixText(matrix) },
    { path: suite.readme, text: freshReadme(matrix) },
  ]);
  const needed = runFilesOf(matrix);
  const gone = [...new Set([before, found].flatMap(runFilesOf))].filter((file) => !needed.includes(file));
  for (const file of gone)
    for (const name of [file, file.replace(/json$/, 'txt')]) rmSync(join(suite.counterexamples, name), { force: true });
  return [
    `${shown(suite.matrix)}: ${counted(found.rows.length, 'row')} new of ${matrix.rows.length}.`,
    ...gone.map((file) => `${file}: gone.`),
    ...matrix.rows.flatMap(({ protection, caughtBy: [first] }) =>
      first === undefined || first.counterexample !== null
        ? []
        : `${protection}: the shortest run is now that of ${first.scenario}. To save it: npx netgraph-mc matrix ${protection} --design ${matrix.design} --scenario ${first.scenario} --update`,
    ),
  ];
};

const merged = (found: Matrix, before: Matrix | null, notHeld: readonly string[]): readonly Row[] => {
  const there = new Set(scenarioNames().flatMap((name) => [name, reusing(name)]));
  const stays = (scenario: string): boolean => there.has(scenario) && !notHeld.includes(scenario);
  return mutantsOf(found.design, []).flatMap((name) => {
    const [now, old] = [found, before].map((matrix) => matrix?.rows.find(({ protection }) => protection === name));
    return now === undefined ? (old ?? []) : mergedRow(now, old ?? nothing, stays);
  });
};

const nothing: Omit<Row, 'protection'> = { caughtBy: [], held: [], unknown: [] };

/** What a row says of a scenario that was tried now takes the place of what it said before. */
const mergedRow = (now: Row, old: Omit<Row, 'protection'>, stays: (scenario: string) => boolean): Row => {
  const tried = new Set([
    ...now.held,
    ...[now.caughtBy, now.unknown].flatMap((of) => of.map(({ scenario }) => scenario)),
  ]);
  const kept = (scenario: string): boolean => !tried.has(scenario) && stays(scenario);
  const [first, ...more] = [...now.caughtBy, ...old.caughtBy.filter(({ scenario }) => kept(scenario))].toSorted(
    (a, b) => a.depth - b.depth,
  );
  return {
    protection: now.protection,
    caughtBy: first === undefined ? [] : [first, ...more.map((each) => ({ ...each, counterexample: null }))],
    held: [...now.held, ...old.held.filter(kept)].toSorted(),
    unknown: [...now.unknown, ...old.unknown.filter(({ scenario }) => kept(scenario))],
  };
};

/** Paths as from the root of the suite, wherever the command is called. */
const inSuite = (row: Row): Row => ({
  ...row,
  caughtBy: row.caughtBy.map((each) => ({
    ...each,
    counterexample: each.counterexample === null ? null : `counterexamples/${basename(each.counterexample)}`,
  })),
});
