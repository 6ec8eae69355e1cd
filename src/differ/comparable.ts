import { actsOf, type Act, type Scenario } from '../../spec/scenario.ts';

/** What of the specification's scenarios the library and the mapping between the two can do. */

/** Types that the library makes access by access as the specification has them. */
const types: ReadonlySet<string> = new Set([
  'iface',
  'hole',
  'patch',
  'hub',
  'one2many',
  'tee',
  'nat',
  'ipfw',
  'ether',
  'source',
  'socket',
]);

/** What the rest of the kernel does, and what processes do. */
const calls = [
  'send', 'filter', 'input', 'output', 'detach', 'rename', 'move', 'linkstate', 'close', 'bind', 'connectdata', 'sendto', 'teardown',
]; // prettier-ignore

const commands: ReadonlySet<string> = new Set([
  'rmhook', 'shutdown', 'name', 'configure', 'connect', 'mkpeer', 'nodeinfo', 'listhooks', 'listnodes', 'listnames', 'listtypes', 'textstatus',
  'textconfig',
]); // prettier-ignore

/** Whether a CPU waits for what others do: it asks by a socket, or lets the network stack go. */
export const isWaiting = ({ run }: Pick<Scenario['cpus'][number], 'run'>): boolean =>
  run
    .flatMap(actsOf)
    .some((operation) => 'teardown' in operation || Object.values(operation).some((body: object) => 'from' in body));

/** Why a scenario cannot be compared, or null. */
export const unsupported = (scenario: Scenario): string | null => {
  const { nodes, cpus, hooks = 0, reuse } = scenario;
  const unknown = Object.values(nodes).find(({ type }) => !types.has(type));
  if (unknown !== undefined) return `the library has no nodes of type ${unknown.type} as the specification has them`;
  if (Object.values(nodes).filter(({ type }) => type === 'source').length > 1)
    return 'the wheel of the specification has one place, so only one node can send by itself';
  if (reuse === true) return 'the library takes memory that is used again for other memory, and the model for the same';
  if (scenario.ngthreads === 0 && cpus.some(isWaiting))
    return 'without an ngthread nobody serves the queues that a CPU waits for';
  const namesItself = Object.values(nodes).find(({ type }) => type === 'ether' || type === 'ipfw');
  for (const operation of cpus.flatMap(({ run }) => run)) {
    if ('listnames' in operation && namesItself !== undefined)
      return `the library gives a node of type ${namesItself.type} a name of its own, which would be listed`;
    if ('any' in operation) return 'in the library each thread does what it is told, and has no choice of operations';
    const reason = refusedOperation(operation, hooks);
    if (reason !== null) return reason;
  }
  return null;
};

const refusedOperation = (operation: Act, hooks: number): string | null => {
  if ('filter' in operation && operation.filter.by !== undefined)
    return "a packet of the library does not say by which interface it has come, and the specification's does";
  if (calls.some((call) => call in operation)) return null;
  const [command] = Object.keys(operation) as [string];
  if (!commands.has(command)) return `the library has no operation ${command}`;
  if ('mkpeer' in operation && operation.mkpeer.type === 'failing')
    return hooks === 0 ? null : 'in the library a constructor fails for want of memory, and so would all that is made';
  if ('mkpeer' in operation && !types.has(operation.mkpeer.type))
    return `the library makes no nodes of type ${operation.mkpeer.type} as the specification does`;
  return null;
};
