import { actsOf, type Act, type Scenario, type Turn } from '../../spec/scenario.ts';

/**
 * What can be taken away from a scenario, the largest pieces first. A scenario that a cut leaves need not make sense: one that
 * cannot be built is passed over by whoever tries it.
 */
export type Cut = {
  /** What is taken away, in a few words. */
  readonly what: string;
  readonly scenario: Scenario;
};

/** One kind of piece: all cuts of this kind that a scenario has. */
export type Kind = (scenario: Scenario) => readonly Cut[];

type Node = Scenario['nodes'][string];

const isDefined = <T>(value: T | null): value is T => value !== null;

/** A CPU with all that it does; those that do most come first. */
const cpus: Kind = (scenario) =>
  scenario.cpus
    .map((cpu, i) => ({ cpu, i }))
    .toSorted((a, b) => b.cpu.run.length - a.cpu.run.length)
    .map(({ cpu, i }) => ({
      what: `${cpu.name ?? `CPU${i}`} (${cpu.run.map(said).join(', ')})`,
      scenario: { ...scenario, cpus: scenario.cpus.toSpliced(i, 1) },
    }));

/** A node with its links and every operation that names it; a CPU that is left with nothing to do goes as well. */
const nodes: Kind = (scenario) =>
  Object.keys(scenario.nodes).map((name) => {
    const { [name]: _, ...others } = scenario.nodes;
    const links = scenario.links.filter((link) => link.every((end) => nodeOf(end!) !== name));
    const gone = scenario.links.filter((link) => !links.includes(link)).flat();
    return {
      what: `node ${name}`,
      scenario: {
        ...scenario,
        nodes: withoutQueued(others, gone as readonly string[]),
        links,
        cpus: scenario.cpus
          .map((cpu) => ({ ...cpu, run: cpu.run.flatMap((turn) => withoutNode(turn, name)) }))
          .filter(({ run }) => run.length > 0),
      },
    };
  });

const ngthreads =
  (least: number): Kind =>
  (scenario) =>
    fewer(scenario.ngthreads)
      .filter((left) => left >= least)
      .map((left) => ({
        what: lessOf(scenario.ngthreads - left, 'ngthread'),
        scenario: { ...scenario, ngthreads: left },
      }));

/** All but one of the operations among which a CPU has the choice. */
const choices: Kind = (scenario) =>
  scenario.cpus.flatMap((cpu, i) =>
    cpu.run.flatMap((turn, j) =>
      'any' in turn
        ? turn.any.map((act) => ({
            what: `all but ${said(act)} of what ${cpu.name ?? `CPU${i}`} may choose`,
            scenario: { ...scenario, cpus: scenario.cpus.with(i, { ...cpu, run: cpu.run.with(j, act) }) },
          }))
        : [],
    ),
  );

/** One operation of a CPU that has others. */
const operations: Kind = (scenario) =>
  scenario.cpus.flatMap((cpu, i) =>
    cpu.run.length < 2
      ? []
      : cpu.run.map((operation, j) => ({
          what: `${said(operation)} of ${cpu.name ?? `CPU${i}`}`,
          scenario: { ...scenario, cpus: scenario.cpus.with(i, { ...cpu, run: cpu.run.toSpliced(j, 1) }) },
        })),
  );

const links: Kind = (scenario) =>
  scenario.links.map((link, i) => ({
    what: `the link ${link.join(' - ')}`,
    scenario: {
      ...scenario,
      links: scenario.links.toSpliced(i, 1),
      nodes: withoutQueued(scenario.nodes, link as readonly string[]),
    },
  }));

/** What is said of the whole: hash tables, memory that is used again, covers. */
const settings: Kind = (scenario) =>
  (['hash', 'reuse', 'covers', 'stack'] as const)
    .map((name) => {
      const { [name]: gone, ...scenarioWithout } = scenario;
      return gone === undefined ? null : { what: name, scenario: scenarioWithout };
    })
    .filter(isDefined);

/** What the scenario asks to be claimed beside what is always claimed. */
const claims: Kind = (scenario) =>
  (scenario.claims ?? []).map((claim, i) => ({
    what: `the claim ${claim}`,
    scenario: { ...scenario, claims: scenario.claims!.toSpliced(i, 1) },
  }));

/** What is said of a node beside its type, one thing at a time. */
const traits: Kind = (scenario) =>
  Object.entries(scenario.nodes).flatMap(([name, node]) =>
    (['name', 'forceWriter', 'persistent', 'all', 'queued', 'packets', 'data', 'nolinger'] as const)
      .map((trait) => {
        const { [trait]: gone, ...plainer } = node;
        if (gone === undefined) return null;
        return {
          what: `${trait} of ${name}`,
          scenario: { ...scenario, nodes: { ...scenario.nodes, [name]: plainer } },
        };
      })
      .filter(isDefined),
  );

/** Memory for what is made in the run. */
const memory: Kind = (scenario) =>
  (['items', 'packets', 'newNodes', 'hooks'] as const).flatMap((budget) =>
    fewer(scenario[budget] ?? 0).map((left) => ({
      what: `${(scenario[budget] ?? 0) - left} of ${scenario[budget]} ${budget}`,
      scenario: { ...scenario, [budget]: left },
    })),
  );

/** In the order in which they are tried. `leastThreads`: so many ngthreads are left. */
export const kinds = (leastThreads: number): readonly Kind[] => [
  cpus,
  choices,
  nodes,
  ngthreads(leastThreads),
  operations,
  links,
  settings,
  claims,
  traits,
  memory,
];

/** Smaller numbers: none, half, one less. */
const fewer = (n: number): readonly number[] =>
  [...new Set([0, n >> 1, n - 1])].filter((left) => left >= 0 && left < n);

const lessOf = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** `shutdown A`. */
const said = (turn: Turn): string => {
  if ('any' in turn) return `any of ${turn.any.length}`;
  const [command, body] = Object.entries(turn)[0] as [string, Readonly<Record<string, unknown>>];
  return [command, ...Object.entries(body).flatMap(([key, value]) => (key === 'from' ? [] : [String(value)]))].join(
    ' ',
  );
};

/** What is left of a turn where nothing of it can be done to the node. */
const withoutNode = (turn: Turn, node: string): readonly Turn[] => {
  const left = actsOf(turn).filter((act) => !names(act, node));
  return left.length === 0 ? [] : 'any' in turn ? [{ any: left }] : [turn];
};

const names = (operation: Act, node: string): boolean =>
  Object.values(operation).some((body: Readonly<Record<string, unknown>>) =>
    ['node', 'from', 'peer'].some((key) => body[key] === node),
  );

const nodeOf = (end: string): string => end.split(':')[0]!;

/** The nodes, without the word that data goes through the queue for hooks that are gone. */
const withoutQueued = (all: Readonly<Record<string, Node>>, gone: readonly string[]): Record<string, Node> =>
  Object.fromEntries(
    Object.entries(all).map(([name, node]) => {
      if (node.queued === undefined) return [name, node];
      const queued = node.queued.filter((hook) => !gone.includes(`${name}:${hook}`));
      return [name, { ...node, queued }];
    }),
  );
