import type { Model } from '../explore/model/model.ts';
import type { Property, View } from '../machine/property.ts';
import { infoOf, isRecord, type Shared } from '../machine/record.ts';
import type { Content, Story } from '../viewer/page/form.ts';
import { understand } from '../viewer/page/predicate.ts';

/**
 * A predicate of a reader's as a property that is broken where the predicate comes to hold: so a search for failures finds the
 * shortest way there. It looks at the fields that the predicate names and at no others, so a search can leave out most
 * states. Throws a Misunderstanding.
 */
export const arrivalAt = (model: Model, cast: readonly Shared[], story: Story, text: string): Property => {
  const predicate = understand(text, story);
  return {
    name: 'arrival',
    kind: 'always',
    sentence: `it does not hold that ${text}`,
    holds: (view) => {
      const sections = story.cpus.map((_, cpu) => cpu);
      const seen = { contents: cast.map((record) => glimpse(model, view, record)), sections: lazily(sections, view) };
      return predicate(seen) ? `here it holds that ${text}` : true;
    },
  };
};

/** What a record is and holds, looked at when somebody asks: in the same words as in a story. */
const glimpse = ({ peek, world }: Model, view: View, record: Shared): Content => ({
  get life() {
    return view.life(peek.present(record));
  },
  fields: Object.defineProperties(
    {},
    Object.fromEntries(
      infoOf(record.type.type).fields.map((field) => [
        field.name,
        {
          get: () => {
            const present = peek.present(record);
            const life = view.life(present);
            if (life === 'unused' || life === 'freed') return undefined;
            const value = peek.read(present, field);
            return isRecord(value) ? world.title(value) : field.show(value);
          },
        },
      ]),
    ),
  ),
});

const lazily = (cpus: readonly number[], view: View): readonly number[] =>
  Object.defineProperties(
    [] as number[],
    Object.fromEntries(cpus.map((cpu) => [cpu, { get: () => view.sections(cpu) }])),
  );
