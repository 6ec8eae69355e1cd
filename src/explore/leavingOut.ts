import { isConduct, type Claim } from '../machine/conduct.ts';
import { ampleSteps, type Ample } from './ample.ts';
import type { Model } from './model.ts';
import type { Search, Watcher } from './search.ts';
import { readSearch, type Begun } from './snapshot.ts';
import { symmetryOf, type Symmetry } from './symmetry.ts';
import type { Watch } from './watch.ts';

/** What a search may leave out: orders of steps, and states that are forms of others. `begun`: what it goes on from. */
export type LeftOut = {
  readonly ample: Ample | null;
  readonly symmetry: Symmetry | null;
  readonly begun: Begun | null;
};

/** Decides what a search may leave out with these claims, and repeats it where it has turned out to be too much. */
export const leavingOut = (
  model: Model,
  claims: readonly Claim[],
  watcher: Watcher,
  watch: Watch,
  explore: (leftOut: LeftOut) => Search,
): Search => {
  const wholeGraph =
    watcher.reduce !== true ||
    watcher.allFailures === true ||
    claims.some((claim) => claim.kind === 'eventually' || isConduct(claim));
  // That runs end is claimed of infinite runs too, but forms tell it: see liveness.ts.
  const ofRuns =
    watcher.allFailures === true ||
    claims.some((claim) => claim.kind === 'eventually' || (isConduct(claim) && claim.kind !== 'ends'));
  const symmetry = watcher.symmetry === true && !ofRuns ? symmetryOf(model) : null;
  let begun = watcher.resumed === undefined ? null : readSearch(watcher.resumed(), model, watch, watcher.disk);
  if (wholeGraph) return explore({ ample: null, symmetry, begun });
  const visible = (): Int32Array => symmetry?.orbit(watch.visible()) ?? watch.visible();
  for (;;) {
    const assumed = begun?.assumed ?? visible();
    if (begun === null) watch.restart();
    const search = explore({ ample: ampleSteps(model, assumed), symmetry, begun });
    begun = null;
    if (search.ending.kind === 'bound' || visible().every((bits, i) => bits === assumed[i])) return search;
    // A finding that is a run of its own is one whatever was assumed; that there is none is believed on a true assumption only.
    if (search.ending.kind === 'found' && search.ending.at >= 0) return search;
  }
};
