import type { ExitCode } from '../command/exit.ts';
import type { Interruption } from '../command/jobs/interruption.ts';
import type { Terminal } from '../report/terminal.ts';

/** What a command is given by the process that it runs in (cli.ts). */
export type Host = {
  readonly terminal: Terminal;
  /** One line of what is typed, or of what comes through a pipe; null at its end. Nothing is read before somebody asks. */
  readonly ask: (prompt: string) => Promise<string | null>;
  /** From now on, what raises it is Ctrl-C. */
  readonly interruptible: () => Interruption;
  /** Makes what a command ends with the exit code of the process. */
  readonly ending: (command: Promise<ExitCode>) => Promise<void>;
  /** Says at once with what a log was made that nobody sees now. */
  readonly logHead: () => void;
  /** Whether GitHub runs this, which reads annotations. */
  readonly onGitHub: boolean;
};
