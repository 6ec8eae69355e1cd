import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';

/** What went wrong, in plain words; how it came to that; what the run is about. */
export const Head = ({ history: { story }, guide, go, help }: Reader & { readonly help: () => void }): ComponentChild =>
  h(
    'header',
    { class: 'head' },
    h(
      'h1',
      null,
      story.property === null ? null : h('span', { class: 'cross', 'aria-hidden': true }, '✗ '),
      `${story.headline}.`,
    ),
    guide === null || guide.astray === null ? null : h('p', { class: 'complaint', role: 'alert' }, guide.astray),
    story.causes.length === 0
      ? null
      : h(
          'ul',
          { class: 'causes' },
          story.causes.map(({ text, step }) =>
            h('li', null, `${text} `, step === null ? null : h(StepLink, { step, go })),
          ),
        ),
    h(
      'p',
      { class: 'tags' },
      story.property === null ? null : h('span', { class: 'tag bad' }, story.property),
      h('span', { class: 'tag' }, story.title),
      h('span', { class: 'tag' }, `${story.steps.length} ${story.steps.length === 1 ? 'step' : 'steps'}`),
      h('button', { type: 'button', class: 'quiet', onClick: help }, 'Keys ', h('kbd', null, '?')),
    ),
    h(
      'details',
      { class: 'about' },
      h('summary', null, 'What this is about'),
      story.claim === null ? null : h('p', null, `Broken is the claim that ${story.claim}.`),
      h('p', null, story.description),
      h(
        'dl',
        null,
        story.cpus
          .filter(({ program }) => program !== '')
          .flatMap(({ name, program }) => [h('dt', null, name), h('dd', null, program)]),
      ),
      story.circle === null ? null : h('p', null, `From step ${story.circle + 1} on the run goes round for ever.`),
      story.command === null ? null : h('p', null, 'Again, and for others: ', h('code', null, story.command)),
    ),
  );

/** A step by its number, to go there. */
export const StepLink = ({ step, go }: { readonly step: number; readonly go: Reader['go'] }): ComponentChild =>
  h(
    'a',
    {
      class: 'step-link',
      href: `#step=${step}`,
      onClick: (event: MouseEvent) => {
        event.preventDefault();
        go(step);
      },
    },
    `step ${step}`,
  );
