import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import type { Turn } from '#page/form.ts';

/** What the CPUs could have done instead of this step. */
export const Turns = ({ history: { story }, moment, guide }: Reader): ComponentChild | null => {
  const step = story.steps[moment - 1];
  // Where the reader chooses, the buttons say it.
  if (step === undefined || guide !== null) return null;
  return h(
    'section',
    { class: 'card turns' },
    h('h3', null, 'Instead'),
    h(
      'ul',
      null,
      step.instead.map((turn) =>
        h('li', { class: turn.outlook.replace(' ', '-') }, h('b', null, story.cpus[turn.cpu]!.name), ` ${said(turn)}`),
      ),
    ),
  );
};

/** What a CPU could do, as a sentence that begins with its name. */
export const said = ({ step, c, outlook }: Turn): string => {
  const what = `${step ?? ''}${c === '' ? '' : ` (${c})`}`;
  switch (outlook) {
    case 'goes on':
      return `could ${what}`;
    case 'fails':
      return `could ${what}, and would go wrong`;
    case 'bound':
      return `could ${what}, beyond what the check holds`;
    case 'waits':
      return `waits before ${what}`;
    case 'over':
      return 'has nothing more to do';
  }
};
