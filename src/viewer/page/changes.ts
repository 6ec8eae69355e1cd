import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';

/** What the step has changed. */
export const Changes = ({ history: { story }, moment, look }: Reader): ComponentChild | null => {
  const step = story.steps[moment - 1];
  if (step === undefined) return null;
  const { changes, last } = step;
  return h(
    'section',
    { class: 'card changes' },
    h('h3', null, 'Changed'),
    changes.length === 0
      ? h('p', { class: 'none' }, last ? 'Nothing: here it goes wrong.' : 'Nothing that others can see.')
      : h(
          'table',
          null,
          h(
            'tbody',
            null,
            changes.map(({ record, field, from, to }) =>
              h(
                'tr',
                null,
                h(
                  'th',
                  { scope: 'row' },
                  h(
                    'button',
                    { type: 'button', class: 'name', onClick: () => look(story.records[record]!.name) },
                    story.records[record]!.name,
                  ),
                  field === '' ? null : h('span', { class: 'field' }, `.${field}`),
                ),
                h('td', { class: 'from' }, from === '' ? '–' : from),
                h('td', { class: 'arrow', 'aria-label': 'becomes' }, '→'),
                h('td', { class: 'to' }, to === '' ? '–' : to),
              ),
            ),
          ),
        ),
  );
};
