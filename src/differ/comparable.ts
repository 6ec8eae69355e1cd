import { NGM_TEE_GET_STATS } from '../../spec/mesg.ts';
import type { Scenario } from '../../spec/scenario.ts';

/** What of the specification's scenarios the library and the mapping between the two can do. */

/** Types that the library makes access by access as the specification has them. */
const types: ReadonlySet<string> = new Set(['iface', 'hole', 'patch', 'hub', 'one2many', 'tee']);

type Operation = Scenario['cpus'][number]['run'][number];

/** Why a scenario cannot be compared, or null. */
export const unsupported = (scenario: Scenario): string | null => {
  const { nodes, cpus, hooks = 0, newNodes = 0, reuse, stack, hash } = scenario;
  const unknown = Object.values(nodes).find(({ type }) => !types.has(type));
  if (unknown !== undefined) return `the library has no nodes of type ${unknown.type} as the specification has them`;
  if (hooks > 0 || newNodes > 0) return 'the mapping does not follow what is made in the run yet';
  if (reuse === true) return 'the library takes memory that is used again for other memory, and the model for the same';
  if (stack !== undefined) return 'the library does not measure the stack, but how deep a packet has come';
  if (hash !== undefined) return 'the hash tables of the library do not grow';
  for (const operation of cpus.flatMap(({ run }) => run)) {
    const reason = refusedOperation(operation);
    if (reason !== null) return reason;
  }
  return null;
};

const refusedOperation = (operation: Operation): string | null => {
  if ('send' in operation) return null;
  const [command, body] = Object.entries(operation)[0] as [string, { readonly node?: string; readonly from?: string }];
  if (!('rmhook' in operation || 'shutdown' in operation || 'name' in operation || 'configure' in operation))
    return `the library has no operation ${command}`;
  if (body.from !== undefined) return 'the library has no sockets to send a message from';
  if ('configure' in operation && operation.configure.command === NGM_TEE_GET_STATS)
    return 'the library answers no messages';
  return body.node === undefined ? 'the library sends no message along a path' : null;
};
