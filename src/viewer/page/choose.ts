import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';
import { isPossible } from '#page/live.ts';
import { said } from '#page/turns.ts';

/** Who goes on: a button for every step that is possible here; and the shortest ways on to something. */
export const Choose = ({ history: { story }, moment, position, guide }: Reader): ComponentChild => {
  if (guide === null) return null;
  const { turns, isBusy, complaint, choose, undo, run } = guide;
  const possible = turns.filter(isPossible);
  const button = (label: string, onClick: () => void, disabled = false): ComponentChild =>
    h('button', { type: 'button', onClick, disabled: isBusy || disabled }, label);
  return h(
    'section',
    { class: 'card choose', 'aria-busy': isBusy },
    h('h3', null, 'Who goes on?', isBusy ? h('small', null, 'looking …') : null),
    h(
      'ul',
      null,
      possible.map((turn, i) =>
        h(
          'li',
          null,
          h(
            'button',
            {
              type: 'button',
              disabled: isBusy,
              class: turn.outlook === 'fails' ? 'fails' : undefined,
              onClick: () => choose(i),
            },
            i < 9 ? h('kbd', null, i + 1) : null,
            ' ',
            h('b', null, story.cpus[turn.cpu]!.name),
            ` ${turn.step ?? ''}${turn.c === '' ? '' : ` (${turn.c})`}`,
            turn.picks.length === 0 ? null : `, alternative ${turn.picks.map((pick) => pick + 1).join(', ')}`,
            turn.outlook === 'fails' ? ' ✗ goes wrong' : turn.outlook === 'bound' ? ' beyond the bounds' : null,
          ),
        ),
      ),
      turns
        .filter((turn) => !isPossible(turn))
        .map((turn) => h('li', { class: turn.outlook }, h('b', null, story.cpus[turn.cpu]!.name), ` ${said(turn)}`)),
    ),
    h(
      'p',
      { class: 'ways' },
      button('Undo', undo, moment === 0),
      button('Run to the next failure', () => run('failure'), possible.length === 0),
      position.watch.map((text) => button(`Run to ${text}`, () => run({ holds: text }), possible.length === 0)),
    ),
    complaint === null ? null : h('p', { class: 'complaint', role: 'alert' }, complaint),
  );
};
