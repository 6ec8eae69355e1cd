import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';

/** Where the step is written: its line of the specification with those around it, and the number of its C line. */
export const Source = ({ history: { story }, moment }: Reader): ComponentChild | null => {
  const step = story.steps[moment - 1];
  if (step === undefined || step.spec === '') return null;
  const colon = step.spec.lastIndexOf(':');
  const [file, line] = [step.spec.slice(0, colon), Number(step.spec.slice(colon + 1))];
  const text = story.excerpts[file] ?? {};
  const around = Object.entries(text).filter(([number]) => Math.abs(Number(number) - line) <= 3);
  return h(
    'section',
    { class: 'card source' },
    h(
      'h3',
      null,
      'Source',
      h('small', null, step.c === '' ? ' no line of the C' : ` C: ${step.c}`, ` · specification: ${step.spec}`),
    ),
    h(
      'pre',
      null,
      around.map(([number, content]) =>
        h(
          'span',
          { class: Number(number) === line ? 'line here' : 'line' },
          h('span', { class: 'number' }, `${Number(number) === line ? '▸' : ' '}${number.padStart(4)}  `),
          `${content}\n`,
        ),
      ),
    ),
  );
};
