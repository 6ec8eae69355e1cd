import { h, type ComponentChild } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Reader } from '#page/app.ts';
import type { Span, StoryStep } from '#page/form.ts';

/**
 * The run, time going down, a lane for every CPU that takes part. Where there is room the text of a step stands in the lane of its
 * CPU, else behind all lanes with the CPU's name; the stylesheet decides.
 */
export const Run = ({ history: { story }, moment, go }: Reader): ComponentChild => {
  const lanes = lanesOf(story.steps);
  const home = homeFile(story.steps);
  const lane = useRef<HTMLElement>(null);
  useEffect(() => void (lane.current !== null && keepInView(lane.current)), [moment, story]);
  return h(
    'section',
    { class: 'run', ref: lane, 'aria-label': 'The run', style: `--lanes: ${lanes.length}` },
    h(
      'div',
      { class: 'row lane-heads', 'aria-hidden': true },
      lanes.map((cpu, lane) => h('div', { class: 'say', style: `--lane: ${lane}` }, story.cpus[cpu]!.name)),
    ),
    h(
      'ol',
      { class: 'steps' },
      h(
        'li',
        { class: 'row', 'aria-current': moment === 0 ? 'step' : undefined },
        h('button', { type: 'button', class: 'number', onClick: () => go(0) }, '0'),
        h('span', { class: 'say beginning', style: '--lane: 0' }, 'the beginning'),
      ),
      story.steps.map((step, i) =>
        h(Row, {
          step,
          number: i + 1,
          lanes,
          home,
          name: story.cpus[step.cpu]!.name,
          isNews: step.cpu !== story.steps[i - 1]?.cpu,
          current: moment === i + 1,
          go,
        }),
      ),
    ),
    story.end === null
      ? null
      : h('p', { class: 'end wrong' }, h('b', { class: 'cross' }, '✗ '), h('span', { class: 'told' }, story.end)),
    h(
      'p',
      { class: 'legend' },
      h('span', null, h('i', { class: 'swatch section' }), 'in an epoch section'),
      h('span', null, h('i', { class: 'swatch lock' }), 'holds a lock'),
      home === '' ? null : h('span', null, `numbers are lines of ${home}`),
    ),
  );
};

/** Where the run scrolls by itself; where the whole page does, the reader is left in peace. */
const keepInView = (run: HTMLElement): void => {
  const here = run.querySelector<HTMLElement>('[aria-current]');
  if (here === null || getComputedStyle(run).overflowY === 'visible') return;
  const [above, below] = [here.offsetTop - margin, here.offsetTop + here.offsetHeight + margin];
  if (above < run.scrollTop) run.scrollTop = above;
  else if (below > run.scrollTop + run.clientHeight) run.scrollTop = below - run.clientHeight;
};
const margin = 60;

/** The CPUs that take part, in their order. */
export const lanesOf = (steps: readonly StoryStep[]): readonly number[] =>
  [...new Set(steps.map(({ cpu }) => cpu))].toSorted((a, b) => a - b);

type RowProps = {
  readonly step: StoryStep;
  readonly number: number;
  readonly lanes: readonly number[];
  readonly name: string;
  readonly home: string;
  /** Whether another CPU did the step before. */
  readonly isNews: boolean;
  readonly current: boolean;
  readonly go: Reader['go'];
};

const Row = ({ step, number, lanes, home, name, isNews, current, go }: RowProps): ComponentChild => {
  const [first = '', ...more] = step.texts;
  const lane = `--lane: ${lanes.indexOf(step.cpu)}`;
  return h(
    'li',
    {
      class: `row${step.last ? ' wrong' : ''}`,
      'aria-current': current ? 'step' : undefined,
      onClick: () => go(number),
      'data-step': number,
    },
    lanes.map((cpu, i) =>
      h('span', {
        class: `track ${spanClass('section', step.sections[cpu]!)} ${spanClass('lock', step.locks[cpu]!)}`,
        style: `--lane: ${i}`,
      }),
    ),
    step.heading === null
      ? null
      : h(
          'div',
          { class: 'say heading', style: lane },
          isNews ? h('span', { class: 'who' }, `${name} `) : null,
          step.heading,
        ),
    h('button', { type: 'button', class: 'number', 'aria-label': `step ${number}, ${name}` }, number),
    h(
      'div',
      { class: 'say', style: lane },
      h(
        'div',
        { class: 'told' },
        h('span', { class: 'c', title: step.c }, cShort(step.c, home)),
        step.last ? h('b', { class: 'cross' }, '✗ ') : null,
        isNews && step.heading === null ? h('span', { class: 'who' }, `${name} `) : null,
        first,
      ),
      more.map((text) => h('div', { class: 'more' }, text)),
    ),
  );
};

/** The C file that most steps are in: its lines are told by number only. */
const homeFile = (steps: readonly StoryStep[]): string => {
  const counts = new Map<string, number>();
  for (const { c } of steps) if (c !== '') counts.set(fileOf(c), (counts.get(fileOf(c)) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
};
const fileOf = (c: string): string => c.split(':', 1)[0]!;
const cShort = (c: string, home: string): string =>
  c === '' ? '' : `${fileOf(c) === home ? c.slice(home.length + 1) : c} `;

const spanClass = (of: string, span: Span): string => (span === 'outside' ? '' : `${of} ${of}-${span}`);
