import { breadthFirst } from '../../explore/search/breadthFirst.ts';
import { isOfStates } from '../../machine/conduct.ts';
import { withModel, type Model } from '../../explore/model/model.ts';
import type { Progress } from '../../explore/search/verdict.ts';
import { dotOf } from '../../export/dot.ts';
import { exported } from '../../export/exported.ts';
import { murphiOf } from '../../export/murphi.ts';
import { promelaOf } from '../../export/promela.ts';
import { cfgOf, tlaOf } from '../../export/tla.ts';
import { fingerprint } from '../../counterexample/fingerprint.ts';
import { claimsOf } from '../../../spec/properties.ts';
import { basename } from 'node:path';
import { counted, grouped } from '../../report/number.ts';
import { titleOf } from '../../report/title.ts';
import { suite } from '../../suite.ts';
import { building, findScenario } from '../catalogue.ts';
import type { ExportRequest } from '../export.ts';
import { usualSearch, worldOf } from './job.ts';

/** A scenario on a design, searched and written as a model. */

/** States; dot(1) takes minutes for as many. */
const most = { promela: 1_000_000, murphi: 1_000_000, tla: 1_000_000, dot: 10_000 } as const satisfies Record<
  ExportRequest['to'],
  number
>;

/** The model as text; what kept the search from its end where there is none. `main`: a model is one file, but for TLA+, where what TLC is told of it is another. */
export type ModelText =
  | { readonly states: number; readonly main: string; readonly cfg?: string }
  | { readonly states: number; readonly bound: string };

type Watching = { readonly interrupted: () => boolean; readonly onProgress: (progress: Progress) => void };

export const modelText = (request: ExportRequest, watching: Watching): ModelText => {
  const { name, path, scenario } = findScenario(request.scenario);
  const job = { ...usualSearch, name, path, scenario, design: request.design, off: request.off };
  const world = building(path, () => worldOf(job));
  return withModel(world, { quotient: request.quotient, fuse: true }, (model) => {
    // What is claimed ends no run here: all that the machine can do is exported.
    const search = breadthFirst(model, [], {
      budget: { maxStates: request.maxStates ?? most[request.to] },
      allFailures: true,
      ...watching,
    });
    const states = search.visited.count;
    if (search.ending.kind === 'bound') return { states, bound: search.ending.message };
    return { states, ...textOf(model, search, request, titleOf(job), scenario) };
  });
};

type Text = { readonly main: string; readonly cfg?: string };

const textOf = (
  model: Model,
  { visited, transitions, failures }: ReturnType<typeof breadthFirst>,
  { to, output }: ExportRequest,
  title: string,
  scenario: Parameters<typeof claimsOf>[0],
): Text => {
  const counts = `${counted(visited.count, 'state')}, ${counted(transitions, 'transition')} between them`;
  if (to === 'dot') return { main: dotOf(model, visited, [`${title}: ${counts}`]) };
  const claims = claimsOf(scenario).filter(isOfStates);
  const all = exported(model, visited, claims);
  const wrong = [...failures.map(({ key }) => key), ...all.broken.map(({ claim }) => claim)];
  const left = claims.filter(({ kind }) => kind !== 'always' && kind !== 'finally').map(({ name }) => name);
  const head = [
    `${title}, written by netgraph-mc export from specification ${fingerprint(suite.spec)}`,
    '',
    `netgraph-mc finds ${counts}; what goes wrong:`,
    ...(wrong.length === 0 ? ['nothing'] : wrong).map((each) => `  ${each}`),
    'What else is claimed of states and ends holds in all of them here, and is not in the model: it is not asked again.',
    ...(left.length === 0 ? [] : [`Not said here, for it is not about one state: ${left.join(', ')}.`]),
    '',
    ...commandFor[to](output ?? 'FILE', visited.count, transitions),
  ];
  if (to === 'promela') return { main: promelaOf(all, head) };
  if (to === 'murphi') return { main: murphiOf(all, head) };
  const cfg = cfgOf(all);
  return output === undefined
    ? { main: tlaOf(all, title.replaceAll(/\W+/g, '_'), [...head, '', 'NAME.cfg:', ...cfg.trimEnd().split('\n')]) }
    : { main: tlaOf(all, moduleOf(output), head), cfg };
};

/** What to do with the model in a file, and what must come of it. */
const commandFor = {
  promela: (file: string, states: number) => [
    `spin -a ${file} && cc -DSAFETY -DNOREDUCE -DVECTORSZ=4096 -o pan pan.c && ./pan -c0 -m${states + 1}`,
    `stores ${counted(states, 'state')}. With -c0 it goes on after an error, and counts each time that something goes wrong.`,
  ],
  murphi: (file: string, states: number, transitions: number) => [
    `rumur --deadlock-detection off --max-errors 1000000 --counterexample-trace off -o model.c ${file} &&`,
    'cc -std=c11 -O3 -mcx16 -o model model.c -lpthread -latomic && ./model',
    `explores ${counted(states, 'state')} and fires ${counted(transitions, 'rule')}.`,
    'It goes on after an error, so that all states are explored; without --max-errors it shows how the first comes about.',
  ],
  tla: (file: string, states: number, transitions: number) => [
    `java -cp tla2tools.jar tlc2.TLC -continue ${file}`,
    `finds ${counted(states, 'distinct state')}, and generates ${grouped(transitions + 1)}, with the initial one.`,
    'It goes on after an error, so that all states are found; without -continue it shows how the first comes about.',
  ],
} as const;

/** A module of TLA+ has the name of its file. */
export const moduleOf = (file: string): string => basename(file, '.tla');
