import { globSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../counterexample/file.ts';
import { Complaint } from '../complaint.ts';
import { readMatrix } from '../matrix/pinned.ts';
import { readJson } from '../reading.ts';
import { findingsText, strays, type Finding, type Shown } from '../report/findings.ts';
import type { Terminal } from '../report/terminal.ts';
import { save } from '../saving.ts';
import { validator } from '../schema.ts';
import { shown as shownPath, suite } from '../suite.ts';
import { exit, type ExitCode } from './exit.ts';
import { runFilesOf } from './matrixFiles.ts';
import { walkToday } from './rerun.ts';

/** `netgraph-mc findings`: writes spec/FINDINGS.md anew from what was written by hand and the saved runs. */
export const findings = (terminal: Terminal): ExitCode => {
  save([{ path: suite.findings, text: freshFindings() }]);
  terminal.out(`${shownPath(suite.findings)}: written.`);
  return exit.holds;
};

const text = { type: 'string', minLength: 1 } as const;

const validate = validator<readonly Finding[]>({
  type: 'array',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'breaks', 'designs', 'files', 'walked'],
    properties: {
      name: text,
      breaks: text,
      designs: { type: 'array', items: text },
      files: { type: 'array', items: text },
      walked: text,
    },
  },
});

/** The text as it has to be. Throws a Complaint when entries and files do not belong together. */
export const freshFindings = (): string => {
  const path = join(suite.spec, 'findings.json');
  const entries = validate(readJson(path), shownPath(path));
  // What a protection is good for is no finding about a published design: the matrix tells it.
  const ofMatrix = runFilesOf(readMatrix(suite.matrix));
  const saved = globSync('*.json', { cwd: suite.counterexamples }).toSorted();
  const files = saved.filter((file) => !ofMatrix.includes(file));
  const wrong = strays(entries, files);
  if (wrong.length > 0) throw new Complaint(`${wrong.join('; ')}.`);
  return findingsText(entries, new Map(files.map((file) => [file, shownBy(file)])));
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
