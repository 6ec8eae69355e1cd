import { isConduct, type Claim } from '../../machine/conduct.ts';
import { ampleSteps, type Ample } from './ample.ts';
import type { Model } from '../model/model.ts';
import type { Search, Watcher } from './search.ts';
import { readSearch, type Begun } from './snapshot.ts';
import { symmetryOf, type Form } from '../symmetry/symmetry.ts';
import { TellsApart, type Watch } from '../model/watch.ts';

/** What a search may leave out: orders of steps, and states that are forms of others. `begun`: what it goes on from. */
export type LeftOut = {
  readonly ample: Ample | null;
  readonly symmetry: Form | null;
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
  // That runs end is claimed of infinite runs too, but forms tell it, if the CPUs keep their names: see liveness.ts.
  const ofRuns =
    watcher.allFailures === true ||
    claims.some((claim) => claim.kind === 'eventually' || (isConduct(claim) && claim.kind !== 'ends'));
  let begun = watcher.resumed === undefined ? null : readSearch(watcher.resumed(), model, watch, watcher.disk);
  for (;;) {
    const cpus = !claims.some(isConduct) && !watch.tellsApart;
    const symmetry = watcher.symmetry === true && !ofRuns ? symmetryOf(model, cpus) : null;
    watch.rename(symmetry?.renamings ?? []);
    try {
      if (wholeGraph) return explore({ ample: null, symmetry, begun });
      return withFewerOrders(model, watch, symmetry, begun, explore);
    } catch (thrown) {
      if (!(thrown instanceof TellsApart)) throw thrown;
      begun = null;
      watch.restart();
    }
  }
};

const withFewerOrders = (
  model: Model,
  watch: Watch,
  symmetry: Form | null,
  kept: Begun | null,
  explore: (leftOut: LeftOut) => Search,
): Search => {
  const visible = (): Int32Array => symmetry?.orbit(watch.visible()) ?? watch.visible();
  for (let begun = kept; ; begun = null) {
    const assumed = begun?.assumed ?? visible();
    if (begun === null) watch.restart();
    const search = explore({ ample: ampleSteps(model, assumed), symmetry, begun });
    if (search.ending.kind === 'bound' || visible().every((bits, i) => bits === assumed[i])) return search;
    // A finding that is a run of its own is one whatever was assumed; that there is none is believed on a true assumption only.
    if (search.ending.kind === 'found' && search.ending.at >= 0) return search;
  }
};
