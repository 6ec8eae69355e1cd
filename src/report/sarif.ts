import type { Location, Log, ReportingDescriptor, Result, StackFrame, ThreadFlow, ThreadFlowLocation } from 'sarif';
import type { Step, Trace } from '../explore/search/verdict.ts';
import { accountOf, deed } from './account.ts';
import type { Judgement, Score } from './judgement.ts';
import { titleOf } from './title.ts';

/**
 * The score as SARIF 2.1.0: a result for each verdict that is *violated* or *unknown*, with the run as its code flow. A step stands at its
 * line of the specification, which is in the repository; the procedures that are running then are its stack, whose top frame is at
 * the C line. The C is not in the repository: its files are relative to FREEBSD_SRC, for a viewer that has them.
 */
export const sarifText = (
  { judgements, interrupted }: Score,
  version: string,
  meaningOf: (property: string) => string | null,
): string => {
  const told = judgements.filter(({ verdict }) => verdict.verdict !== 'holds');
  const ids = [...new Set(told.map(ruleOf))].toSorted();
  const rules = ids.map((id): ReportingDescriptor => ({
    id,
    shortDescription: { text: meaningOf(id) ?? id },
    help: { text: `npx netgraph-mc explain ${id}` },
  }));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'netgraph-mc', version, rules } },
        originalUriBaseIds: {
          FREEBSD_SRC: { description: { text: 'sys/netgraph of the C that spec/README.md names' } },
        },
        invocations: [{ executionSuccessful: !interrupted }],
        columnKind: 'utf16CodeUnits',
        results: told.map((judgement) => resultOf(judgement, ids.indexOf(ruleOf(judgement)))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
};

/** A check that did not come to its end is a rule of its own: nobody must take it for a finding. */
const ruleOf = ({ verdict }: Judgement): string => verdict.property ?? 'unknown';

const resultOf = (judgement: Judgement, ruleIndex: number): Result => {
  const { job, verdict, standing, differences } = judgement;
  const { text, at } = accountOf(verdict);
  const accepted = standing === 'good';
  return {
    ruleId: ruleOf(judgement),
    ruleIndex,
    level: accepted ? 'note' : standing === 'open' ? 'warning' : 'error',
    message: { text: [`${titleOf(job)}: ${text}`, ...differences].join('; ') },
    locations: [
      at === null || at.spec === '' ? { physicalLocation: { artifactLocation: { uri: job.file } } } : located(at.spec),
    ],
    ...(at === null || at.c === ''
      ? {}
      : { relatedLocations: [{ ...located(at.c, 'FREEBSD_SRC'), message: { text: at.c } }] }),
    partialFingerprints: { 'netgraphMc/v1': [job.name, job.design, ...job.off, ruleOf(judgement)].join('/') },
    // What is known to be broken, and accepted as such, is kept out of sight by those who read suppressions.
    ...(accepted
      ? {
          suppressions: [
            { kind: 'external' as const, status: 'accepted' as const, justification: 'accepted in spec/baseline.json' },
          ],
        }
      : {}),
    ...(verdict.trace === null || verdict.trace.steps.length === 0
      ? {}
      : { codeFlows: [{ threadFlows: flowsOf(verdict.trace, at!.number) }] }),
  };
};

/** A flow for each CPU that takes part; `executionOrder` says how they interleave. */
const flowsOf = (trace: Trace, essential: number): ThreadFlow[] =>
  trace.cpus.flatMap((id, cpu) => {
    const locations = trace.steps.flatMap((step, i) => (step.cpu === cpu ? [flowLocation(trace, i, essential)] : []));
    return locations.length === 0 ? [] : [{ id, locations }];
  });

const flowLocation = (trace: Trace, i: number, essential: number): ThreadFlowLocation => {
  const step = trace.steps[i]!;
  const { cpu, number, c } = deed(trace, i);
  const text = `${cpu}: ${step.did === '' ? step.step : step.did}${c === '' ? '' : ` (${c})`}`;
  return {
    executionOrder: number,
    importance: number === essential ? 'essential' : 'important',
    location: { ...(step.spec === '' ? {} : located(step.spec)), message: { text } },
    ...(step.stack.length === 0 ? {} : { stack: { frames: framesOf(step) } }),
    ...(step.changes.length === 0 ? {} : { state: stateOf(step.changes) }),
  };
};

/** The innermost first. */
const framesOf = ({ stack, c }: Step): StackFrame[] =>
  stack.toReversed().map((call, depth) => ({
    location: {
      ...(depth === 0 && c !== '' ? located(c, 'FREEBSD_SRC') : {}),
      logicalLocations: [{ fullyQualifiedName: call, kind: 'function' }],
    },
  }));

/** `B:b.hk_flags: 0 → HK_INVALID`. */
const stateOf = (changes: readonly string[]): NonNullable<ThreadFlowLocation['state']> =>
  Object.fromEntries(
    changes.map((change) => {
      const at = change.indexOf(': ');
      return [change.slice(0, at), { text: change.slice(at + 2) }];
    }),
  );

/** `spec/hook.ts:41` as a place in a file. */
const located = (place: string, uriBaseId?: string): Location => {
  const at = place.lastIndexOf(':');
  return {
    physicalLocation: {
      artifactLocation: { uri: place.slice(0, at), ...(uriBaseId === undefined ? {} : { uriBaseId }) },
      region: { startLine: Number(place.slice(at + 1)) },
    },
  };
};
