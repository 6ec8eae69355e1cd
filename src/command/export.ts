import { breadthFirst } from '../explore/breadthFirst.ts';
import { isOfStates } from '../machine/conduct.ts';
import { withModel, type Model } from '../explore/model.ts';
import { brokenClaims } from '../export/broken.ts';
import { dotOf } from '../export/dot.ts';
import { promelaOf } from '../export/promela.ts';
import { variablesOf } from '../export/variables.ts';
import { claimsOf } from '../../spec/properties.ts';
import { dirname, resolve } from 'node:path';
import { counted } from '../report/number.ts';
import type { Terminal } from '../report/terminal.ts';
import { titleOf } from '../report/title.ts';
import { probe, save } from '../saving.ts';
import { shown } from '../suite.ts';
import { building, findScenario } from './catalogue.ts';
import { exit, type ExitCode } from './exit.ts';
import { usualSearch, worldOf } from './job.ts';
import { selectDesigns } from './selection.ts';

/** `netgraph-mc export`: a scenario on a design as a model for another checker, or as a graph. */
export type ExportRequest = {
  readonly scenario: string;
  readonly design: string;
  readonly off: readonly string[];
  readonly to: 'promela' | 'dot';
  readonly quotient: boolean;
  /** Nothing is exported of what has more states; none: what the language is good for. */
  readonly maxStates?: number;
  /** File to write; none: to print it. */
  readonly output?: string;
};

/** States; dot(1) takes minutes for as many. */
const most = { promela: 1_000_000, dot: 10_000 } as const satisfies Record<ExportRequest['to'], number>;

export const exportModel = (request: ExportRequest, terminal: Terminal): ExitCode => {
  const { name, path, scenario } = findScenario(request.scenario);
  selectDesigns(request.design, request.off);
  if (request.output !== undefined) probe(dirname(resolve(request.output)));
  const job = { ...usualSearch, name, path, scenario, design: request.design, off: request.off };
  const world = building(path, () => worldOf(job));
  return withModel(world, { quotient: request.quotient, fuse: true }, (model) => {
    // What is claimed ends no run here: all that the machine can do is exported.
    const search = breadthFirst(model, [], {
      budget: { maxStates: request.maxStates ?? most[request.to] },
      allFailures: true,
    });
    if (search.ending.kind === 'bound') {
      terminal.err(
        `${titleOf(job)} cannot be exported: ${search.ending.message}, after ${counted(search.visited.count, 'state')}.`,
      );
      return exit.unknown;
    }
    const text = textOf(model, search, request, titleOf(job), scenario);
    if (request.output === undefined) terminal.out(text.trimEnd());
    else {
      save([{ path: request.output, text }]);
      terminal.out(`written: ${shown(request.output)}, ${counted(search.visited.count, 'state')}`);
    }
    return exit.holds;
  });
};

const textOf = (
  model: Model,
  { visited, transitions, failures }: ReturnType<typeof breadthFirst>,
  { to, output = 'FILE' }: ExportRequest,
  title: string,
  scenario: Parameters<typeof claimsOf>[0],
): string => {
  const counts = `${counted(visited.count, 'state')}, ${counted(transitions, 'transition')} between them`;
  if (to === 'dot') return dotOf(model, visited, [`${title}: ${counts}`]);
  const claims = claimsOf(scenario).filter(isOfStates);
  const variables = variablesOf(model, visited);
  const broken = brokenClaims(model, visited, claims, variables);
  const wrong = [...failures.map(({ key }) => key), ...broken.map(({ claim }) => claim)];
  const left = claims.filter(({ kind }) => kind !== 'always' && kind !== 'finally').map(({ name }) => name);
  return promelaOf(model, variables, broken, [
    `${title}, written by netgraph-mc export`,
    '',
    `netgraph-mc finds ${counts}; what goes wrong:`,
    ...(wrong.length === 0 ? ['nothing'] : wrong).map((each) => `  ${each}`),
    ...(left.length === 0 ? [] : [`Not said here, for it is not about one state: ${left.join(', ')}.`]),
    '',
    `spin -a ${output} && cc -DSAFETY -DNOREDUCE -DVECTORSZ=4096 -o pan pan.c && ./pan -c0 -m${visited.count + 1}`,
    `stores ${visited.count} states. With -c0 it goes on after an error, and counts each time that something goes wrong.`,
  ]);
};
