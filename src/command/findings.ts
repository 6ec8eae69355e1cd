import { join } from 'node:path';
import { load } from '../counterexample/file.ts';
import { findingsText, type Shown } from '../report/findings.ts';
import type { Terminal } from '../report/terminal.ts';
import { save } from '../saving.ts';
import { shown as shownPath, suite } from '../suite.ts';
import { exit, type ExitCode } from './exit.ts';
import { readWritten } from './survey/known.ts';
import { walkToday } from './replay/rerun.ts';

/** `netgraph-mc findings`: writes spec/FINDINGS.md anew from what was written by hand and the saved runs. */
export const findings = (terminal: Terminal): ExitCode => {
  save([{ path: suite.findings, text: freshFindings() }]);
  terminal.out(`${shownPath(suite.findings)}: written.`);
  return exit.holds;
};

/** The text as it has to be. Throws a Complaint when entries and files do not belong together. */
export const freshFindings = (): string => {
  const { findings: entries, consequences } = readWritten();
  const files = entries.flatMap((entry) => entry.files);
  return findingsText(entries, consequences, new Map(files.map((file) => [file, shownBy(file)])));
};

const shownBy = (file: string): Shown => {
  const path = join(suite.counterexamples, file);
  const counterexample = load(path);
  const { design, property, message, schedule } = counterexample;
  return {
    file,
    design: [design.name, ...design.off.map((name) => `-${name}`)].join(' '),
    property,
    message,
    steps: schedule.length,
    preemptions: counterexample.preemptions ?? null,
    trace: walkToday(file, counterexample).replay.trace,
  };
};
