import { h, type ComponentChild } from 'preact';
import type { Reader } from '#page/app.ts';

/** What a key asks for: a moment to go to, or something else of the page; null if it is not for us. */
export const meaningOfKey = (
  event: KeyboardEvent,
  { history, moment }: Reader,
): number | 'help' | 'close' | 'watch' | 'undo' | { readonly choice: number } | null => {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target as HTMLElement | null;
  if (event.key === 'Escape') {
    target?.blur();
    return 'close';
  }
  if (target !== null && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return null;
  const { steps } = history.story;
  const here = steps[moment - 1];
  const along = (by: 1 | -1, fits: (step: (typeof steps)[number]) => boolean): number => {
    for (let at = moment + by; at >= 1 && at <= steps.length; at += by) if (fits(steps[at - 1]!)) return at;
    return moment;
  };
  switch (event.key) {
    case 'j':
    case 'ArrowDown':
    case 'ArrowRight':
      return moment + 1;
    case 'k':
    case 'ArrowUp':
    case 'ArrowLeft':
      return moment - 1;
    case 'J':
      return along(1, ({ cpu }) => cpu === here?.cpu);
    case 'K':
      return along(-1, ({ cpu }) => cpu === here?.cpu);
    case 'n':
      return along(1, ({ on }) => on !== null && on === here?.on);
    case 'p':
      return along(-1, ({ on }) => on !== null && on === here?.on);
    case 'c':
      return along(1, ({ cpu }) => cpu !== here?.cpu);
    case 'g':
    case 'Home':
      return 0;
    case 'G':
    case 'End':
    case 'x':
      return history.last;
    case '/':
      return 'watch';
    case '?':
      return 'help';
    case 'u':
      return 'undo';
    default:
      return /^[1-9]$/.test(event.key) ? { choice: Number(event.key) - 1 } : null;
  }
};

const liveKeys: readonly (readonly [string, string])[] = [
  ['1  … 9', 'take that step'],
  ['u', 'take the last step back'],
];

const keys: readonly (readonly [string, string])[] = [
  ['j  ↓  →', 'the next step'],
  ['k  ↑  ←', 'the step before'],
  ['J  K', 'the next step of the same CPU, the one before'],
  ['n  p', 'the next step on the same record, the one before'],
  ['c', 'the next step of another CPU'],
  ['g  Home', 'the beginning'],
  ['G  End  x', 'the end, where it goes wrong'],
  ['/', 'watch something'],
  ['?  Esc', 'this list, and away with it'],
];

export const Help = ({ isLive, close }: { readonly isLive: boolean; readonly close: () => void }): ComponentChild =>
  h(
    'div',
    { class: 'help', role: 'dialog', 'aria-label': 'Keys' },
    h('h2', null, 'Keys'),
    h(
      'dl',
      null,
      [...(isLive ? liveKeys : []), ...keys].flatMap(([key, meaning]) => [
        h(
          'dt',
          null,
          key.split('  ').map((each) => [h('kbd', null, each), ' ']),
        ),
        h('dd', null, meaning),
      ]),
    ),
    h('h2', null, 'Watching'),
    h('p', null, 'A predicate over what the records hold is shown at every step beside the CPUs:'),
    h(
      'pre',
      null,
      "B.nd_refs > 1\n'E:lower'.hk_flags & HK_INVALID\n'E:lower'.hk_peer == ng_deadhook\nlife('E:lower') == 'freed'\nsections(CPU0) > 0 && !(B.nd_numhooks == 0)",
    ),
    h('button', { type: 'button', onClick: close }, 'Close'),
  );
