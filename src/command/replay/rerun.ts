import { designs } from '../../../spec/designs.ts';
import { isConductClaim } from '../../../spec/claims/conduct.ts';
import { claimsMade } from '../../../spec/properties.ts';
import type { Scenario } from '../../../spec/scenario.ts';
import { Complaint } from '../../complaint.ts';
import { load } from '../../counterexample/file.ts';
import { fingerprint } from '../../counterexample/fingerprint.ts';
import type { Counterexample } from '../../counterexample/form.ts';
import { confirmed, replay, stale, type Onlooker, type Replay } from '../../counterexample/replay.ts';
import { nearest } from '../../explore/runs/walk.ts';
import type { Claim } from '../../machine/conduct.ts';
import type { World } from '../../machine/world.ts';
import { shown, suite } from '../../suite.ts';
import { building, readScenario } from '../catalogue.ts';
import { worldOf } from '../jobs/job.ts';
import { designNames, isDesign } from '../selection.ts';

/** A saved run, as it was read. */
export type Saved = { readonly file: string; readonly counterexample: Counterexample };

/** The same, walked again. */
export type Rerun = {
  readonly file: string;
  readonly counterexample: Counterexample;
  readonly replay: Replay;
  /** Whether the outcome is the one that the file expects. */
  readonly asExpected: boolean;
  /** Whether the specification is no longer the one that the run was found on. */
  readonly specChanged: boolean;
};

/** Reads the files, all of them before the first is walked. Throws a Complaint when one is no counterexample. */
export const loadAll = (paths: readonly string[]): readonly Saved[] =>
  paths.map((path) => ({ file: shown(path), counterexample: load(path) }));

export const rerun = ({ file, counterexample }: Saved, onlooker: Onlooker = {}): Rerun => {
  const outcome = replayToday(file, counterexample, onlooker);
  return {
    file,
    counterexample,
    replay: outcome,
    asExpected: outcome.outcome === counterexample.expect,
    specChanged: counterexample.fingerprint !== fingerprint(suite.spec),
  };
};

const replayToday = (file: string, counterexample: Counterexample, onlooker: Onlooker): Replay => {
  const { replay, world, claims } = walkToday(file, counterexample);
  return world === null ? replay : confirmed(replay, counterexample, world, claims, onlooker);
};

type Ground = { readonly world: World; readonly scenario: Scenario; readonly claims: readonly Claim[] };
type Walk = { readonly replay: Replay } & (
  Ground | { readonly world: null; readonly scenario: null; readonly claims: readonly [] }
);

/**
 * The saved run and no other, with the scenario as it was saved and the design as it is today; without a world where these are
 * gone.
 */
export const walkToday = (file: string, counterexample: Counterexample): Walk => {
  const { design, scenario, property } = counterexample;
  if (!isDesign(design.name))
    return withoutWorld(stale(`there is no design "${design.name}" any more`, nearest(design.name, designNames())));
  const switches = Object.keys(designs[design.name]!.switches);
  const gone = design.off.find((name) => !switches.includes(name));
  if (gone !== undefined) return withoutWorld(stale(`there is no switch "${gone}" any more`, nearest(gone, switches)));
  const asked = isConductClaim(property) ? [property] : undefined;
  const ground = rebuilt(file, () => {
    const known = readScenario(scenario.definition, file);
    const world = worldOf({ scenario: known, design: design.name, off: design.off });
    return { world, scenario: known, claims: claimsMade(known, asked) };
  });
  if (typeof ground === 'string') return withoutWorld(stale(`its scenario can no longer be built: ${ground}`));
  return { replay: replay(counterexample, ground.world, ground.claims), ...ground };
};

const withoutWorld = (replay: Replay): Walk => ({ replay, world: null, scenario: null, claims: [] });

/** Or what is wrong, without the file and the full stop: that is told of a run of which the file is known. */
const rebuilt = (file: string, build: () => Ground): Ground | string => {
  try {
    return building(file, build);
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return error.message.slice(`${file}: `.length).replace(/\.$/, '');
  }
};
