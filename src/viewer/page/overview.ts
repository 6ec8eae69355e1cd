import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import type { History } from '#page/history.ts';
import type { Span, StoryStep } from '#page/form.ts';
import { lanesOf } from '#page/run.ts';
import { sightsOf, WatchForm } from '#page/watch.ts';

/**
 * The whole run at a glance, time going right: what each CPU is in and when it acts, what is watched, and the lives of the records
 * that begin or end in it. A step is a column of equal width, which shows the state after it; the beginning is the line before the first.
 */
export const Overview = (reader: Reader): ComponentChild => {
  const { history, moment, go } = reader;
  const { story, last } = history;
  const sights = sightsOf(history, reader.position.watch);
  return h(
    'section',
    {
      class: 'overview',
      'aria-label': 'Overview',
      style: `--at: ${last === 0 ? 0 : moment / last}; --column: ${moment === 0 ? 0 : 1 / last}`,
    },
    h(
      'div',
      { class: 'bands' },
      h(
        'div',
        { class: 'scrub' },
        h('label', { for: 'scrub' }, 'step'),
        h('input', {
          id: 'scrub',
          type: 'range',
          min: 0,
          max: last,
          value: moment,
          onInput: (event: Event) => go(Number((event.target as HTMLInputElement).value)),
        }),
      ),
      lanesOf(story.steps).map((cpu) =>
        h(
          Band,
          { label: story.cpus[cpu]!.name, kind: 'cpu', go, last },
          stretches(story.steps, (step) => inside(step.sections[cpu]!)).map((s) =>
            bar('section', s, last, 'in an epoch section'),
          ),
          stretches(story.steps, (step) => inside(step.locks[cpu]!)).map((s) => bar('lock', s, last, 'holds a lock')),
          stretches(story.steps, (step) => step.cpu === cpu).map((s) => bar('acts', s, last, 'acts')),
        ),
      ),
      sights.map(({ text, truths, complaint }, i) =>
        h(
          Band,
          {
            label: text,
            kind: 'watched',
            go,
            last,
            remove: () => reader.watch(reader.position.watch.filter((_, j) => j !== i)),
          },
          complaint === null
            ? stretches(story.steps, (_, at) => truths[at + 1] === true).map((s) => bar('true', s, last, 'true'))
            : h('span', { class: 'complaint' }, complaint),
          complaint === null ? h('span', { class: 'verdict' }, truths[moment] === true ? 'true' : 'false') : null,
        ),
      ),
      shownRecords(history).map((record) =>
        h(
          Band,
          {
            label: story.records[record]!.name,
            kind: 'memory',
            go,
            last,
            select: () => reader.look(story.records[record]!.name),
          },
          history
            .livesOf(record)
            .map(({ life, from, to }) =>
              to === 0 ? null : bar(`life ${life.replace(' ', '-')}`, { from: Math.max(1, from), to }, last, life),
            ),
        ),
      ),
    ),
    h(WatchForm, reader),
  );
};

/** Records whose life changes in the run; where none does, what the picture shows. */
const shownRecords = (history: History): readonly number[] => {
  const { records, drawing } = history.story;
  const mortal = records.flatMap((_, i) => (history.livesOf(i).length > 1 ? [i] : []));
  return mortal.length > 0 ? mortal : [...drawing.nodes, ...drawing.hooks].map(({ record }) => record);
};

type BandProps = {
  readonly label: string;
  readonly kind: string;
  readonly last: number;
  readonly go: Reader['go'];
  readonly select?: () => void;
  readonly remove?: () => void;
  readonly children?: unknown;
};

const Band = ({ label, kind, last, go, select, remove, children }: BandProps): ComponentChild =>
  h(
    'div',
    { class: `band ${kind}` },
    select === undefined
      ? h('span', { class: 'label', title: label }, remove === undefined ? null : removal(label, remove), label)
      : h('button', { type: 'button', class: 'label', onClick: select }, label),
    h(
      'div',
      {
        class: 'time',
        onClick: (event: MouseEvent) => {
          const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
          go(Math.ceil(((event.clientX - left) / width) * last));
        },
      },
      children as ComponentChild,
    ),
  );

const removal = (label: string, remove: () => void): ComponentChild =>
  h('button', { type: 'button', class: 'quiet', 'aria-label': `stop watching ${label}`, onClick: remove }, '× ');

type Stretch = { readonly from: number; readonly to: number };

/** The steps, from 1, of which something is true, as stretches without a gap. */
const stretches = (steps: readonly StoryStep[], fits: (step: StoryStep, at: number) => boolean): readonly Stretch[] => {
  const found: Stretch[] = [];
  steps.forEach((step, at) => {
    if (!fits(step, at)) return;
    const before = found.at(-1);
    if (before?.to === at) found[found.length - 1] = { from: before.from, to: at + 1 };
    else found.push({ from: at + 1, to: at + 1 });
  });
  return found;
};

const inside = (span: Span): boolean => span !== 'outside';

const bar = (name: string, { from, to }: Stretch, last: number, title: string): ComponentChild =>
  h('i', {
    class: `bar ${name}`,
    title: from === to ? `step ${from}: ${title}` : `steps ${from} to ${to}: ${title}`,
    style: `left: ${(100 * (from - 1)) / last}%; width: ${(100 * (to - from + 1)) / last}%`,
  });
