import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import { StepLink } from '#page/head.ts';

/** One record with all its fields at this moment, and which step wrote each of them. */
export const RecordCard = ({ history, moment, position, look, go }: Reader): ComponentChild | null => {
  const { story } = history;
  const record =
    (position.record === null ? null : history.recordNamed(position.record)) ?? story.steps[moment - 1]?.on ?? null;
  if (record === null) return null;
  const { name, type } = story.records[record]!;
  const { life, fields } = history.at(moment)[record]!;
  const changed = new Set(
    (story.steps[moment - 1]?.changes ?? []).filter((change) => change.record === record).map(({ field }) => field),
  );
  const begun = history.writerOf(record, '', moment);
  return h(
    'section',
    { class: 'card record' },
    h(
      'h3',
      null,
      `${name} `,
      h(
        'small',
        null,
        `${type}, ${life}`,
        begun === null ? '' : ' since ',
        begun === null ? null : h(StepLink, { step: begun, go }),
      ),
      position.record === null
        ? null
        : h('button', { type: 'button', class: 'quiet', onClick: () => look(null) }, 'follow the run'),
    ),
    Object.keys(fields).length === 0
      ? h('p', { class: 'none' }, 'What is there belongs to nobody.')
      : h(
          'table',
          null,
          h(
            'tbody',
            null,
            Object.entries(fields).map(([field, value]) => {
              const writer = history.writerOf(record, field, moment);
              return h(
                'tr',
                { class: changed.has(field) ? 'changed' : undefined },
                h('th', { scope: 'row' }, changed.has(field) ? '● ' : null, field),
                h(
                  'td',
                  null,
                  history.recordNamed(value) === null
                    ? value
                    : h('button', { type: 'button', class: 'name', onClick: () => look(value) }, value),
                ),
                h('td', null, writer === null ? null : h(StepLink, { step: writer, go })),
              );
            }),
          ),
        ),
  );
};
