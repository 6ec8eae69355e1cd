import type { OperationClaim } from '../../machine/conduct.ts';
import type { Property } from '../../machine/property.ts';
import { boundsOf, type Bound } from './bound.ts';
import type { Failures } from './failures.ts';
import { fairCircle, fairLasso } from './liveness.ts';
import type { Model } from '../model/model.ts';
import type { Ending, Found } from './search.ts';
import type { Symmetry } from '../symmetry/symmetry.ts';
import type { Reached } from '../states/visited.ts';
import type { Watch } from '../model/watch.ts';

/** What a search has seen on its way, when there is nothing new any more. */
export type Seen = {
  readonly properties: readonly Property[];
  readonly watch: Watch;
  readonly symmetry: Symmetry | null;
  /** States without a step. */
  readonly ends: number;
  readonly failures: Failures | null;
  /** Whether only fingerprints of the states were kept. */
  readonly hashed: boolean;
};

/** How a search ends that has come to no failure and no bound: what is claimed of the graph as a whole is judged now. */
export const exhausted = (
  model: Model,
  visited: Reached,
  { properties, watch, symmetry, ends, failures, hashed }: Seen,
): { readonly ending: Ending; readonly bounds: readonly Bound[] } => {
  const over = (ending: Ending): ReturnType<typeof exhausted> => ({ ending, bounds });
  if (failures?.bound != null) return { ending: { kind: 'bound', message: failures.bound }, bounds: [] };
  const bounds = model.conduct
    .filter((claim): claim is OperationClaim => claim.kind === 'bounded')
    .flatMap((claim) => boundsOf(model, visited, claim));
  const endless = bounds.find(({ lasso }) => lasso !== null);
  if (failures !== null && endless !== undefined) failures.atEnd(goingOn(model, endless));
  // What else is claimed of the whole graph is not judged on one that failures have cut off.
  if (failures?.cut === true) return over({ kind: 'exhausted' });
  if (ends === 0 && properties.some(({ kind }) => kind === 'finally'))
    return unknown('no run ever ends, so what is claimed of ends was never looked at');
  const unseen = watch.unseen();
  if (unseen !== null && hashed)
    return unknown(`${unseen.message}; but only fingerprints of the states were kept, and it could have been left out`);
  const ofGraph: Found | null =
    unseen === null
      ? (forEver(model, visited, properties) ?? withoutEnd(model, visited, symmetry))
      : { kind: 'found', finding: unseen, at: -1, by: null };
  // A circle of forms is a run, but its steps have other numbers each time round.
  if (symmetry !== null && ofGraph?.circle !== undefined)
    return unknown(`${ofGraph.finding.message}; a search without renumbering shows it`);
  if (failures === null && endless !== undefined) return over(ofGraph ?? goingOn(model, endless));
  if (ofGraph === null || failures === null) return over(ofGraph ?? { kind: 'exhausted' });
  failures.atEnd(ofGraph);
  return over({ kind: 'exhausted' });
};

const unknown = (message: string): ReturnType<typeof exhausted> => ({ ending: { kind: 'bound', message }, bounds: [] });

/** The first property that some fair run never comes to satisfy. */
const forEver = (model: Model, visited: Reached, properties: readonly Property[]): Found | null => {
  for (const property of properties) {
    if (property.kind !== 'eventually') continue;
    const lasso = fairLasso(model, visited, property);
    if (lasso === null) continue;
    const message = `a run goes on for ever and it never comes to hold that ${property.sentence}`;
    return {
      kind: 'found',
      finding: { property: property.name, message },
      at: lasso.at,
      by: null,
      circle: lasso.circle,
    };
  }
  return null;
};

/** A run that goes on for ever, where it is claimed that none does. */
const withoutEnd = (model: Model, visited: Reached, symmetry: Symmetry | null): Found | null => {
  const claim = model.conduct.find(({ kind }) => kind === 'ends');
  const lasso = claim === undefined ? null : fairCircle(model, visited, symmetry);
  if (claim === undefined || lasso === null) return null;
  const message = 'a run goes on for ever, though no CPU is kept waiting for ever';
  return { kind: 'found', finding: { property: claim.name, message }, at: lasso.at, by: null, circle: lasso.circle };
};

/** A CPU goes on for ever within an operation. */
const goingOn = ({ cpuNames }: Model, { claim, cpu, lasso }: Bound): Found => ({
  kind: 'found',
  finding: { property: claim.name, message: `${cpuNames[cpu]!} goes on for ever without coming to the end` },
  at: lasso!.at,
  by: null,
  circle: lasso!.circle,
});
