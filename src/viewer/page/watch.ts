import { h, type ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { Reader } from '#page/app.ts';
import type { History } from '#page/history.ts';
import type { Story } from '#page/form.ts';
import { Misunderstanding, momentIn, understand } from '#page/predicate.ts';

/** A predicate at every moment of a story, or what is wrong with it. */
export type Sight = {
  readonly text: string;
  readonly truths: readonly boolean[];
  readonly complaint: string | null;
};

export const sightsOf = (history: History, watched: readonly string[]): readonly Sight[] =>
  watched.map((text) => {
    try {
      const predicate = understand(text, history.story);
      const moments = Array.from({ length: history.last + 1 }, (_, at) => momentIn(history, at));
      return { text, truths: moments.map((moment) => Boolean(predicate(moment))), complaint: null };
    } catch (error) {
      if (!(error instanceof Misunderstanding)) throw error;
      return { text, truths: [], complaint: error.message };
    }
  });

export const WatchForm = ({ history, position, watch }: Reader): ComponentChild => {
  const [complaint, setComplaint] = useState<string | null>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('watch') as HTMLInputElement;
    const text = input.value.trim();
    if (text === '') return;
    const [sight] = sightsOf(history, [text]);
    setComplaint(sight!.complaint);
    if (sight!.complaint !== null) return;
    watch([...new Set([...position.watch, text])]);
    input.value = '';
  };
  return h(
    'form',
    { class: 'watch', onSubmit: submit },
    h('label', { for: 'watch' }, 'Watch'),
    h('input', {
      id: 'watch',
      name: 'watch',
      autocomplete: 'off',
      spellcheck: false,
      placeholder: example(history.story),
    }),
    h('button', { type: 'submit' }, 'Add'),
    complaint === null ? null : h('span', { class: 'complaint', role: 'alert' }, complaint),
  );
};

const example = ({ records, drawing }: Story): string => {
  const node = drawing.nodes[0];
  return node === undefined ? 'a predicate' : `${records[node.record]!.name}.nd_refs > 1`;
};
