import type { Progress } from '../explore/search/verdict.ts';
import type { Headway } from '../differ/onlooker.ts';
import { counted, grouped, megabytes, seconds } from './number.ts';
import type { Terminal } from './terminal.ts';

/**
 * How a long run shows that it lives: one line that changes where there is a screen, a line every 15 seconds where the
 * output goes to a file. A search that has no states yet is still building its local automata, and says so.
 */
export type ProgressReport<P> = {
  readonly show: (progress: P) => void;
  readonly end: () => void;
};

const screenInterval = 1_000;
const fileInterval = 15_000;

/** What is said of a run called `title` after so many seconds; null: nothing is found yet. */
export type LineOf<P> = (title: string, latest: P | null, elapsed: number) => string;

/** Begins to report on the run called `title`; somebody must call `end`. */
export const reportProgress = <P>(title: string, terminal: Terminal, lineOf: LineOf<P>): ProgressReport<P> => {
  const began = performance.now();
  let latest: P | null = null;
  const line = (): string => lineOf(title, latest, (performance.now() - began) / 1000);
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

const building = (title: string, elapsed: number): string => `${title}: building local automata, ${seconds(elapsed)} s`;

/** The most important numbers first: a narrow screen cuts the line at its end. */
export const progressLine: LineOf<Progress> = (title, progress, elapsed) => {
  if (progress === null) return building(title, elapsed);
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

/** The same of a comparison of the library with the specification. */
export const headwayLine: LineOf<Headway> = (title, headway, elapsed) => {
  if (headway === null) return building(title, elapsed);
  const { runs, steps, states } = headway;
  const done = states === undefined ? counted(runs, 'run') : counted(states, 'state');
  return `${title}: ${done}, ${counted(steps, 'access', 'accesses')}, ${seconds(elapsed)} s`;
};
