import Builder from 'fast-xml-builder';
import { accountOf } from './account.ts';
import type { Judgement, Rewalk, Score, Standing } from './judgement.ts';
import { traceText } from './trace.ts';
import { unpainted } from './terminal.ts';

/**
 * The score as JUnit XML: a suite for each design, a case for each scenario, and a suite of the saved runs. What is not as it should be is a
 * *failure*, what nobody knows an *error*: both are red wherever the file is shown. The run stands in the text of the failure.
 */
export const junitText = ({ command, judgements, rewalks }: Score): string => {
  const designs = [...new Set(judgements.map(({ job }) => suiteOf(job)))];
  const suites = designs.map((design) => {
    const cases = judgements.filter(({ job }) => suiteOf(job) === design).map((each) => caseOf(command, design, each));
    return suite(design, cases);
  });
  if (rewalks.length > 0) suites.push(suite('saved runs', rewalks.map(rerunCase)));
  const root = { '@_name': `netgraph-mc ${command}`, ...totals(suites), testsuite: suites };
  return builder.build({ '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' }, testsuites: root });
};

const builder = new Builder({ ignoreAttributes: false, format: true, suppressEmptyNode: true });

type Case = {
  readonly '@_name': string;
  readonly '@_classname': string;
  readonly '@_time': string;
  readonly '@_file'?: string;
  readonly failure?: Fault;
  readonly error?: Fault;
  readonly 'system-out'?: string;
};
type Fault = { readonly '@_type': string; readonly '@_message': string; readonly '#text': string };
type Suite = ReturnType<typeof suite>;

const suiteOf = ({ design, off }: Judgement['job']): string =>
  [design, ...off.map((name) => `without ${name}`)].join(' ');

const suite = (name: string, cases: readonly Case[]) => ({
  '@_name': name,
  '@_tests': cases.length,
  '@_failures': cases.filter(({ failure }) => failure !== undefined).length,
  '@_errors': cases.filter(({ error }) => error !== undefined).length,
  '@_time': cases.reduce((sum, each) => sum + Number(each['@_time']), 0).toFixed(3),
  testcase: cases,
});

const totals = (suites: readonly Suite[]) => {
  const sum = (of: (suite: Suite) => number): number => suites.reduce((all, each) => all + of(each), 0);
  return {
    '@_tests': sum((each) => each['@_tests']),
    '@_failures': sum((each) => each['@_failures']),
    '@_errors': sum((each) => each['@_errors']),
    '@_time': sum((each) => Number(each['@_time'])).toFixed(3),
  };
};

const caseOf = (command: string, design: string, { job, verdict, cached, standing, differences }: Judgement): Case => {
  const account = accountOf(verdict).text;
  const said = [...differences, ...(account === '' ? [] : [account])].join('; ');
  const run = verdict.trace === null ? '' : `\n${traceText(verdict.trace, true, 100, unpainted)}\n`;
  return {
    '@_name': job.name,
    '@_classname': `netgraph-mc.${command}.${design}`,
    '@_time': (cached ? 0 : verdict.seconds).toFixed(3),
    '@_file': job.file,
    ...faultOf(standing, verdict.property ?? verdict.verdict, said, `${said}${run}`),
    ...(standing === 'good' && account !== '' ? { 'system-out': printable(`as accepted: ${account}`) } : {}),
  };
};

const rerunCase = ({ file, standing, sentence }: Rewalk): Case => ({
  '@_name': file,
  '@_classname': 'netgraph-mc.replay',
  '@_time': '0.000',
  '@_file': file,
  ...faultOf(standing, 'replay', sentence, sentence),
});

const faultOf = (standing: Standing, type: string, message: string, text: string): Pick<Case, 'failure' | 'error'> => {
  if (standing === 'good') return {};
  const fault = { '@_type': type, '@_message': printable(message), '#text': printable(text) };
  return standing === 'bad' ? { failure: fault } : { error: fault };
};

/** XML 1.0 has no way to write the other control characters, not even as references. */
const printable = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '�');
