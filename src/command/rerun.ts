import { designs } from '../../spec/designs.ts';
import { isConductClaim } from '../../spec/claims/conduct.ts';
import { claimsMade } from '../../spec/properties.ts';
import { Complaint } from '../complaint.ts';
import { load } from '../counterexample/file.ts';
import { fingerprint } from '../counterexample/fingerprint.ts';
import type { Counterexample } from '../counterexample/form.ts';
import { confirmed, replay, stale, type Onlooker, type Replay } from '../counterexample/replay.ts';
import { nearest } from '../explore/walk.ts';
import type { Claim } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { shown, suite } from '../suite.ts';
import { building, readScenario } from './catalogue.ts';
import { worldOf } from './job.ts';
import { designNames, isDesign } from './selection.ts';

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

type Walk = { readonly replay: Replay; readonly world: World | null; readonly claims: readonly Claim[] };

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
  const world = rebuilt(file, () =>
    worldOf({ scenario: readScenario(scenario.definition, 'its scenario'), design: design.name, off: design.off }),
  );
  if (world instanceof Complaint) return withoutWorld(stale(`its scenario can no longer be built: ${world.message}`));
  const asked = isConductClaim(property) ? [property] : undefined;
  const claims = claimsMade(readScenario(scenario.definition, 'its scenario'), asked);
  return { replay: replay(counterexample, world, claims), world, claims };
};

const withoutWorld = (replay: Replay): Walk => ({ replay, world: null, claims: [] });

const rebuilt = <T>(file: string, build: () => T): T | Complaint => {
  try {
    return building(file, build);
  } catch (error) {
    if (error instanceof Complaint) return error;
    throw error;
  }
};
