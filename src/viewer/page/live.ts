import { useEffect, useRef, useState } from 'preact/hooks';
import type { Live, Story, Turn } from '#page/form.ts';
import type { History } from '#page/history.ts';
import { pathText, type Choice } from '#page/path.ts';
import type { Position } from '#page/position.ts';

/**
 * A run that is made while it is looked at. The server knows the world and nothing of the reader: each question says the whole path, and
 * the answer is a whole story. What is chosen at an earlier step replaces what came after it.
 */
export type Guide = {
  /** What can be done at this moment, whoever does it. */
  readonly turns: readonly Turn[];
  /** Whether an answer is being waited for. */
  readonly isBusy: boolean;
  /** What was wrong with the last question, or that nothing was found. */
  readonly complaint: string | null;
  /** What is wrong with the path in the address: what is shown is not what it leads to. */
  readonly astray: string | null;
  /** Takes the `index`-th of the steps that are possible. */
  readonly choose: (index: number) => void;
  /** Takes back the last step before this moment. */
  readonly undo: () => void;
  /** Goes on by the shortest way to the next failure, or to where a predicate holds. */
  readonly run: (until: 'failure' | { readonly holds: string }) => void;
};

export const isPossible = ({ outlook }: Turn): boolean => outlook !== 'waits' && outlook !== 'over';

/** Null where a page is not live. `arrive` is told each new story and its path. */
export const useLive = (
  live: Live | null,
  history: History,
  moment: number,
  position: Position,
  arrive: (story: Story, path: string) => void,
): Guide | null => {
  const [isBusy, setBusy] = useState(false);
  const [complaint, setComplaint] = useState<string | null>(null);
  const [astray, setAstray] = useState<string | null>(null);
  const shown = useRef(pathText(history.story.steps));

  const ask = async (
    question: { readonly path: string; readonly until?: Parameters<Guide['run']>[0] },
    complain = setComplaint,
  ): Promise<void> => {
    if (live === null) return;
    setBusy(true);
    setComplaint(null);
    setAstray(null);
    try {
      const response = await fetch(live.address, { method: 'POST', body: JSON.stringify(question) });
      const answer = (await response.json()) as Story | { readonly complaint: string };
      if ('complaint' in answer) return complain(answer.complaint);
      shown.current = pathText(answer.steps);
      arrive(answer, shown.current);
    } catch {
      setComplaint('The program does not answer any more; start it again, and open the address that it prints.');
    } finally {
      setBusy(false);
    }
  };

  // A path that comes with the address, or by the reader's hand.
  useEffect(() => {
    if (position.path !== null && position.path !== shown.current) void ask({ path: position.path }, setAstray);
  }, [position.path]);

  if (live === null) return null;
  const { steps, next } = history.story;
  const until = (to: number): readonly Choice[] => steps.slice(0, to);
  const turns = moment === history.last ? next : [taken(history.story, moment), ...steps[moment]!.instead];
  const wentWrong = history.story.property !== null && moment === history.last;
  return {
    turns: wentWrong ? [] : turns,
    isBusy,
    complaint,
    astray,
    choose: (index) => {
      const turn = turns.filter(isPossible)[index];
      if (turn !== undefined && !wentWrong && !isBusy) void ask({ path: pathText([...until(moment), turn]) });
    },
    undo: () => {
      if (moment > 0 && !isBusy) void ask({ path: pathText(until(moment - 1)) });
    },
    run: (to) => void ask({ path: pathText(until(moment)), until: to }),
  };
};

/** The step that was taken at a moment, as one that could be taken. */
const taken = ({ steps }: Story, moment: number): Turn => {
  const { cpu, picks, step, c, spec, last } = steps[moment]!;
  return { cpu, picks, step, c, spec, outlook: last ? 'fails' : 'goes on' };
};
