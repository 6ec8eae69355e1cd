import { nextSteps } from '../explore/search/next.ts';
import type { Model } from '../explore/model/model.ts';
import { DONE } from '../explore/model/stepper.ts';
import type { Reached } from '../explore/states/visited.ts';

/**
 * The states and the steps between them in the language of dot(1). A state has its number in the order in which the search found
 * it, 0 is where the world begins; a step that fails leads to a box that says so.
 */
export const dotOf = (model: Model, visited: Reached, head: readonly string[]): string => {
  const { stepper, cpuNames } = model;
  const state = new Int32Array(model.layout.words);
  const edges: string[] = [];
  let failures = 0;
  for (let at = 0; at < visited.count; at++) {
    visited.read(at, state);
    for (const { cpu, picks, step, c, outlook } of nextSteps(model, state)) {
      if (outlook !== 'goes on' && outlook !== 'fails') continue;
      const label = quoted([cpuNames[cpu]!, step!, c].filter((part) => part !== '').join('\n'));
      stepper.state.set(state);
      stepper.setPicks(picks);
      const leads = stepper.advance(cpu) === DONE ? String(visited.find(stepper.state)) : `failure${failures++}`;
      edges.push(`  ${at} -> ${leads} [label=${label}];`);
    }
    stepper.resetPicks();
  }
  return [
    ...head.map((line) => `// ${line}`.trimEnd()),
    'digraph {',
    '  node [shape=circle];',
    '  0 [style=bold];',
    ...Array.from({ length: failures }, (_, i) => `  failure${i} [shape=box, label="goes wrong"];`),
    ...edges,
    '}',
    '',
  ].join('\n');
};

const quoted = (text: string): string => `"${text.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
