import { journeyAlong, type Journey } from '../explore/runs/journey.ts';
import { usualModel, withModel, type Model } from '../explore/model/model.ts';
import type { Choice } from '../explore/search/next.ts';
import { onward, onwardTo, type Onward } from '../explore/onward.ts';
import { TooManyLocalStates } from '../explore/model/stepper.ts';
import type { Budget } from '../explore/search/verdict.ts';
import type { Claim } from '../machine/conduct.ts';
import { isConduct } from '../machine/conduct.ts';
import type { World } from '../machine/world.ts';
import { storyOf, type Subject } from '../viewer/story.ts';
import type { Story } from '../viewer/page/form.ts';
import { arrivalAt } from './arrival.ts';

/** What is explored: a world with its claims, and the words for it. */
export type Country = {
  readonly world: World;
  readonly claims: readonly Claim[];
  readonly title: string;
  readonly description: string;
  readonly programs: readonly string[];
  /** The command that comes back to a path. */
  readonly commandTo: (choices: readonly Choice[]) => string;
  /** What a property claims; null for what is no property. */
  readonly meaningOf: (property: string) => string | null;
};

/**
 * A world that somebody walks in by choosing. It remembers nothing but its closed automata: every question says the whole path, so what
 * is answered depends on nothing else, and a path can be shared.
 */
export class Expedition {
  readonly #country: Country;
  #model: Model | null = null;

  constructor(country: Country) {
    this.#country = country;
  }

  /** The run along a path, as far as it can be followed. */
  story(choices: readonly Choice[]): Story {
    return this.#with((model) => this.#tell(journeyAlong(model, this.#country.claims, choices), choices));
  }

  /** The shortest way on from the end of a path to the next failure, or to where a predicate holds. Throws a Misunderstanding. */
  onward(choices: readonly Choice[], predicate: string | null, budget: Budget): Onward {
    return this.#with((model) => {
      const { claims } = this.#country;
      const journey = journeyAlong(model, claims, choices);
      if (journey.finding !== null) return { kind: 'nothing', states: 1 };
      if (predicate === null) return onward(model, claims, journey.end, budget);
      const arrival = arrivalAt(model, journey.cast, this.#tell(journey, choices), predicate);
      return onwardTo(model, arrival, journey.end, budget);
    });
  }

  #tell(journey: Journey, choices: readonly Choice[]): Story {
    const { world, title, description, programs, commandTo, meaningOf } = this.#country;
    const { finding } = journey;
    const subject: Subject = {
      title,
      description,
      programs,
      headline: finding?.message ?? journey.refused ?? standing(journey),
      broken: finding === null ? null : { property: finding.property, claim: meaningOf(finding.property) },
      circle: null,
      command: commandTo(choices.slice(0, journey.steps.length)),
    };
    return storyOf(world, subject, journey);
  }

  /** The model is kept; where its numbers turn out to be too narrow, it is made anew with wider ones. */
  #with<T>(use: (model: Model) => T): T {
    if (this.#model !== null)
      try {
        return use(this.#model);
      } catch (thrown) {
        if (!(thrown instanceof TooManyLocalStates)) throw thrown;
      }
    const { world, claims } = this.#country;
    return withModel(world, { ...usualModel, conduct: claims.filter(isConduct) }, (model) => {
      const used = use(model);
      this.#model = model;
      return used;
    });
  }
}

const standing = ({ next }: Journey): string =>
  next.at(-1)!.some(({ outlook }) => outlook !== 'waits' && outlook !== 'over')
    ? 'Nothing has gone wrong yet: choose who goes on'
    : 'Nothing can happen any more, and nothing has gone wrong';
