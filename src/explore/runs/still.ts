import { infoOf, isRecord, slot, type Shared } from '../../machine/record.ts';
import type { Life } from '../../machine/property.ts';
import type { Model } from '../model/model.ts';

/**
 * One state as people see it: every record with its life and with what its fields hold, in the words of the records. What is not
 * in the C (ghosts) is left out, and so is memory that was never allocated: its fields are nobody's.
 */
export type Still = {
  /** In the order of `cast`. */
  readonly records: readonly { readonly life: Life; readonly fields: Readonly<Record<string, string>> }[];
  /** By CPU: how many epoch sections it is in. */
  readonly sections: readonly number[];
};

/** Every record that a run can meet, in the same order for each of its states. */
export const castOf = ({ world, layout }: Model): readonly Shared[] => {
  const made = world.types().flatMap((type) => Array.from({ length: world.slots(type) }, (_, i) => slot(type, i)));
  return [...new Set([...made, ...layout.records.map(({ record }) => record)])];
};

/** Cost: O(fields of all records). */
export const stillOf = (model: Model, cast: readonly Shared[], state: Int32Array): Still => ({
  records: cast.map((record) => portrait(model, model.peek.presentIn(state, record), state)),
  sections: model.cpuNames.map((_, cpu) => bitsOf(state, model.layout.sections[cpu]!)),
});

const portrait = ({ peek, world }: Model, record: Shared, state: Int32Array): Still['records'][number] => {
  const life = peek.lifeIn(state, record);
  if (life === 'unused' || life === 'freed') return { life, fields: {} };
  const fields = infoOf(record.type.type)
    .fields.filter(({ access }) => access !== 'ghost')
    .map((field) => {
      const value = peek.valueIn(state, record, field);
      return [field.name, isRecord(value) ? world.title(value) : field.show(value)] as const;
    });
  return { life, fields: Object.fromEntries(fields) };
};

const bitsOf = (state: Int32Array, { word, shift, mask }: { word: number; shift: number; mask: number }): number =>
  (state[word]! >>> shift) & mask;
