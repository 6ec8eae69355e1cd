import type { Change, Content, Story } from '#page/form.ts';

/** A stretch of the run in which a record has one life: from after step `from` until step `to` ends it. */
export type Stretch = { readonly life: string; readonly from: number; readonly to: number };

/**
 * What the memory holds at every moment of a story. Moments are numbered by the steps that are done: 0 is the beginning, `steps.length`
 * the end. Contents are folded once, and share what does not change.
 */
export class History {
  readonly story: Story;
  readonly #contents: readonly (readonly Content[])[];

  constructor(story: Story) {
    this.story = story;
    const contents = [story.first];
    for (const { changes } of story.steps) contents.push(changed(contents.at(-1)!, changes));
    this.#contents = contents;
  }

  /** Cost: O(1). */
  at(moment: number): readonly Content[] {
    return this.#contents[moment]!;
  }

  get last(): number {
    return this.story.steps.length;
  }

  livesOf(record: number): readonly Stretch[] {
    const lives: Stretch[] = [];
    for (let moment = 0; moment <= this.last; moment++) {
      const { life } = this.at(moment)[record]!;
      const before = lives.at(-1);
      if (before?.life === life) lives[lives.length - 1] = { ...before, to: moment };
      else lives.push({ life, from: moment, to: moment });
    }
    return lives;
  }

  /** The step, from 1, that wrote a field last before or at this moment; null if it holds what it held at the beginning. */
  writerOf(record: number, field: string, moment: number): number | null {
    const at = this.story.steps
      .slice(0, moment)
      .findLastIndex(({ changes }) => changes.some((change) => change.record === record && change.field === field));
    return at < 0 ? null : at + 1;
  }

  recordNamed(name: string): number | null {
    const at = this.story.records.findIndex((record) => record.name === name);
    return at < 0 ? null : at;
  }
}

const changed = (before: readonly Content[], changes: readonly Change[]): readonly Content[] => {
  if (changes.length === 0) return before;
  const after = [...before];
  for (const { record, field, to } of changes) {
    const { life, fields } = after[record]!;
    after[record] = field === '' ? { life: to, fields } : { life, fields: put(fields, field, to) };
  }
  return after;
};

/** A field of memory that is gone holds nothing. */
const put = (fields: Content['fields'], field: string, value: string): Content['fields'] => {
  if (value !== '') return { ...fields, [field]: value };
  const { [field]: _, ...rest } = fields;
  return rest;
};
