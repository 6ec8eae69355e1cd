import { h, type ComponentChild } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Live, Story } from '#page/form.ts';
import { Head } from '#page/head.ts';
import { History } from '#page/history.ts';
import { Help, meaningOfKey } from '#page/keys.ts';
import { useLive, type Guide } from '#page/live.ts';
import { Now } from '#page/now.ts';
import { Overview } from '#page/overview.ts';
import { hashOf, positionIn, type Position } from '#page/position.ts';
import { Run } from '#page/run.ts';

/** Everything on the page is drawn from the story and from where the reader is; nothing else is remembered. */
export type Reader = {
  readonly history: History;
  /** How many steps are done. */
  readonly moment: number;
  readonly position: Position;
  /** Who leads a reader on from here; null where the run is over and done. */
  readonly guide: Guide | null;
  readonly go: (moment: number) => void;
  readonly look: (record: string | null) => void;
  readonly watch: (predicates: readonly string[]) => void;
};

export const App = (carried: { readonly story: Story; readonly live: Live | null }): ComponentChild => {
  const [story, setStory] = useState(carried.story);
  const [position, setPosition] = useState(() => positionIn(location.hash));
  const [helps, setHelps] = useState(false);
  const history = useMemo(() => new History(story), [story]);
  // Keys can come faster than the page is drawn: each goes on from where the one before has led.
  const latest = useRef(position);
  const momentOf = ({ step }: Position): number => Math.min(step ?? history.last, history.last);
  const move = (change: Partial<Position>): void => {
    latest.current = { ...latest.current, ...change };
    globalThis.history.replaceState(null, '', hashOf(latest.current));
    setPosition(latest.current);
  };
  const guide = useLive(carried.live, history, momentOf(position), position, (next, path) => {
    setStory(next);
    move({ path, step: null });
  });
  const reader: Reader = {
    history,
    moment: momentOf(position),
    position,
    guide,
    go: (to) => move({ step: Math.max(0, Math.min(history.last, to)) }),
    look: (record) => move({ record }),
    watch: (watch) => move({ watch }),
  };

  useEffect(() => {
    const follow = (): void => setPosition((latest.current = positionIn(location.hash)));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  // A key means what it means on the page that is shown, which can be newer than the one that the listener was made on.
  const pressed = useRef<(event: KeyboardEvent) => void>(() => {});
  pressed.current = (event) => {
    const meaning = meaningOfKey(event, { ...reader, moment: momentOf(latest.current) });
    if (meaning === null) return;
    event.preventDefault();
    if (meaning === 'help') setHelps(!helps);
    else if (meaning === 'close') setHelps(false);
    else if (meaning === 'watch') document.querySelector<HTMLInputElement>('#watch')?.focus();
    else if (meaning === 'undo') guide?.undo();
    else if (typeof meaning === 'object') guide?.choose(meaning.choice);
    else reader.go(meaning);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => pressed.current(event);
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);

  return h(
    'div',
    { class: 'page' },
    h(Head, { ...reader, help: () => setHelps(true) }),
    h(Overview, reader),
    h('div', { class: 'body' }, h(Run, reader), h(Now, reader)),
    helps ? h(Help, { isLive: guide !== null, close: () => setHelps(false) }) : null,
  );
};
