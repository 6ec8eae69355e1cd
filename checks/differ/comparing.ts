import { findScenario } from '../../src/command/catalogue.ts';
import { keyOf, netgraphSubject } from '../../src/differ/netgraph.ts';
import { lockstepModel, Product } from '../../src/differ/product.ts';
import type { Subject } from '../../src/differ/subject.ts';
import { modelWith, type Model } from '../../src/explore/model/model.ts';
import type { World } from '../../src/machine/world.ts';
import type { Design } from '../../src/netgraph/index.ts';
import type { Scenario } from '../../spec/scenario.ts';

/** More local states of a CPU than any check comes to. */
const LOCAL_BITS = 20;

/** To close the local automata takes longer than all that is then asked of them, so those of the world that was asked for last are kept. */
let kept: { readonly world: World; readonly model: Model } | null = null;

/** A product of the subject, as if nobody had used its model before. */
export const comparing = <T>(subject: Subject, use: (product: Product) => T): T => {
  const { world } = subject;
  if (kept?.world !== world) {
    // The one before may be as large: it must be gone first.
    kept = null;
    kept = { world, model: modelWith(world, lockstepModel, LOCAL_BITS) };
  }
  kept.model.stepper.fired.fill(0);
  return use(new Product(subject, kept.model));
};

let made: { readonly key: string; readonly subject: Subject } | null = null;

/** The library beside the specification. Who asks for the same once more is given the same, and so with the same model. */
export const libraryIn = (scenario: Scenario, design: Design = 'lockfree'): Subject => {
  const key = keyOf(scenario, design);
  if (made?.key !== key) made = { key, subject: netgraphSubject('', scenario, design) };
  return made.subject;
};

/** The same in a scenario of the suite's own. */
export const library = (name: string, design?: Design): Subject => libraryIn(findScenario(name).scenario, design);

/** The ends that a search of the product comes to from now on, as `endOf` tells them. */
export const endsOf = (product: Product, endOf: (product: Product) => string): ReadonlySet<string> => {
  const ends = new Set<string>();
  const { isOver } = product;
  product.isOver = () => {
    const over = isOver.call(product);
    if (over) ends.add(endOf(product));
    return over;
  };
  return ends;
};
