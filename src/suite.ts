import { join, relative, resolve } from 'node:path';
import { root } from './machine/place.ts';

/** Where the suite's own files are, wherever it is called from. */
export const suite = {
  root,
  cache: join(root, '.netgraph-mc'),
  spec: join(root, 'spec'),
  scenarios: join(root, 'spec', 'scenarios'),
  scenarioSchema: join(root, 'spec', 'scenario.schema.json'),
  designs: join(root, 'spec', 'designs.ts'),
  properties: join(root, 'spec', 'properties.ts'),
  claims: join(root, 'spec', 'claims'),
  findings: join(root, 'spec', 'FINDINGS.md'),
  baseline: join(root, 'spec', 'baseline.json'),
  matrix: join(root, 'spec', 'matrix.json'),
  readme: join(root, 'README.md'),
  verdicts: join(root, 'spec', 'VERDICTS.md'),
  datapath: join(root, 'spec', 'datapath.json'),
  datapathText: join(root, 'spec', 'DATAPATH.md'),
  counterexamples: join(root, 'counterexamples'),
} as const;

/** A path as the user would type it: relative where it lies below the working directory. */
export const shown = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
};

/** The same for programs, which look for it in the repository: what is a part of the project has the path that it has there. */
export const inProject = (path: string): string => {
  const short = relative(root, resolve(path));
  return short.startsWith('..') ? shown(path) : short;
};
