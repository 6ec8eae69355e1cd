import type { Progress } from '../explore/verdict.ts';
import { counted, grouped, megabytes, seconds } from './number.ts';
import type { Terminal } from './terminal.ts';

/**
 * How a long run shows that it lives: one line that changes where there is a screen, a line every 15 seconds where the
 * output goes to a file. A search that has no states yet is still building its local automata, and says so.
 */
export type ProgressReport = {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
};

const screenInterval = 1_000;
const fileInterval = 15_000;

/** Begins to report on the run called `title`; somebody must call `end`. */
export const reportProgress = (title: string, terminal: Terminal): ProgressReport => {
  const began = performance.now();
  let latest: Progress | null = null;
  const line = (): string => progressLine(title, latest, (performance.now() - began) / 1000);
  const draw = (): void => (terminal.live === null ? terminal.err(line()) : terminal.live(line()));
  terminal.status.add(line);
  const timer = setInterval(draw, terminal.live === null ? fileInterval : screenInterval);
  if (terminal.live !== null) draw();
  return {
    show: (progress) => {
      latest = progress;
      if (terminal.live !== null) draw();
    },
    end: () => {
      clearInterval(timer);
      terminal.status.delete(line);
      terminal.live?.('');
    },
  };
};

/** The most important numbers first: a narrow screen cuts the line at its end. */
export const progressLine = (title: string, progress: Progress | null, elapsed: number): string => {
  if (progress === null) return `${title}: building local automata, ${seconds(elapsed)} s`;
  const rate = progress.transitions / Math.max(progress.seconds, 1e-3);
  return [
    `${title}: ${counted(progress.states, 'state')}`,
    `depth ${progress.depth}`,
    `${seconds(elapsed)} s`,
    `${grouped(progress.frontier)} to go on from`,
    `${counted(progress.transitions, 'transition')}`,
    `${grouped(Math.round(rate / 1000))} k/s`,
    megabytes(progress.bytes),
  ].join(', ');
};
