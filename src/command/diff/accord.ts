import { coverage, realisedIn, type Coverage } from '../../differ/coverage.ts';
import { Crew } from '../../differ/crew.ts';
import { exhaustive } from '../../differ/exhaustive.ts';
import { lockstep, type Comparison } from '../../differ/lockstep.ts';
import { keyOf, netgraphSubject } from '../../differ/netgraph.ts';
import type { Onlooker } from '../../differ/onlooker.ts';
import { lockstepModel, Product } from '../../differ/product.ts';
import type { Subject } from '../../differ/subject.ts';
import { onThreads } from '../../differ/threads.ts';
import { withModel } from '../../explore/model/model.ts';
import { building, type NamedScenario } from '../catalogue.ts';
import type { Budgeted } from './diff.ts';
import { saveDivergence } from './divergence.ts';

/** Whether the library and the specification are in accord, in one scenario. */
export type AccordQuestion = { readonly named: NamedScenario; readonly request: Budgeted };

/** What came of one scenario. */
export type Accord = Comparison & {
  readonly scenario: string;
  /** Product states, where every interleaving was asked for. */
  readonly states?: number;
  readonly realised: number;
  readonly labels: number;
  readonly coverage?: Coverage;
  /** Where its run is saved; null: it cannot be told in steps of the specification. */
  readonly saved?: string | null;
};

/** How far the model is searched for the steps that it can take. */
const SEARCH = { seconds: 30, maxStates: 3_000_000 };

/** Runs the library beside the specification. Throws a Complaint when the scenario contradicts itself. */
export const accordOf = ({ named, request }: AccordQuestion, onlooker: Onlooker): Promise<Accord> => {
  const { name, path, scenario } = named;
  const subject = building(path, () => netgraphSubject(name, scenario, request.design));
  return withModel(subject.world, lockstepModel, async (model) => {
    const product = new Product(subject, model);
    const comparison = await inMode(product, subject, named, request, onlooker);
    const isSaved = request.out !== undefined && comparison.verdict === 'violated';
    const saved = isSaved ? { saved: saveDivergence(product, named, request.design, comparison, request.out!) } : {};
    const { realised, all } = realisedIn(model);
    const covered = request.coverage ? { coverage: coverage(model, subject.world, SEARCH) } : {};
    return { scenario: name, ...comparison, realised: realised.size, labels: all.length, ...covered, ...saved };
  });
};

const inMode = async (
  product: Product,
  subject: Subject,
  { scenario }: NamedScenario,
  { mode, seconds, seed, maxStates, fuse, design }: Budgeted,
  onlooker: Onlooker,
): Promise<Comparison> => {
  if (mode === 'lockstep') return lockstep(product, { seconds, seed }, onlooker);
  if (mode === 'exhaustive') return exhaustive(product, { maxStates, seconds, fuse }, onlooker);
  const module = new URL('../../differ/netgraph.ts', import.meta.url).href;
  const crew = new Crew(subject, { module, key: keyOf(scenario, design) }, seed);
  try {
    return await onThreads(product, crew, seconds, Infinity, onlooker);
  } finally {
    await crew.end();
  }
};
