import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import { Changes } from '#page/changes.ts';
import { Choose } from '#page/choose.ts';
import { Picture } from '#page/picture.ts';
import { RecordCard } from '#page/record.ts';
import { Source } from '#page/source.ts';
import { Turns } from '#page/turns.ts';

/** The moment that the reader is at: what was done, how the graph looks now, what has changed, where it is written, what else could have been. */
export const Now = (reader: Reader): ComponentChild => {
  const { history, moment, go } = reader;
  const { story, last } = history;
  const step = story.steps[moment - 1];
  const title = step === undefined ? 'The beginning' : `${story.cpus[step.cpu]!.name}: ${step.texts[0] ?? step.step}`;
  return h(
    'section',
    { class: 'now', 'aria-label': 'This moment' },
    h(
      'nav',
      { class: 'pager', 'aria-label': 'Steps' },
      h(
        'button',
        { type: 'button', onClick: () => go(0), disabled: moment === 0, 'aria-label': 'to the beginning' },
        '|◀',
      ),
      h(
        'button',
        { type: 'button', onClick: () => go(moment - 1), disabled: moment === 0, 'aria-label': 'one step back' },
        '◀',
      ),
      h('output', null, h('b', null, moment), ` of ${last}`),
      h(
        'button',
        { type: 'button', onClick: () => go(moment + 1), disabled: moment === last, 'aria-label': 'one step on' },
        '▶',
      ),
      h(
        'button',
        { type: 'button', onClick: () => go(last), disabled: moment === last, 'aria-label': 'to the end' },
        '▶|',
      ),
    ),
    h(
      'h2',
      { class: `did${step?.last === true ? ' wrong' : ''}`, 'aria-live': 'polite' },
      step?.last === true ? '✗ ' : null,
      title,
    ),
    step === undefined || step.stack.length === 0 ? null : h('p', { class: 'stack' }, step.stack.join(' › ')),
    story.end === null || moment < last
      ? null
      : h('p', { class: 'end wrong' }, h('b', { class: 'cross' }, '✗ '), h('span', { class: 'told' }, story.end)),
    h(Choose, reader),
    h(Picture, reader),
    h(Changes, reader),
    h(Turns, reader),
    h(Source, reader),
    h(RecordCard, reader),
  );
};
