import { nobody, type Called, type Calls } from './calls.ts';
import { compiled } from './module.ts';
import { Lost } from './localLog.ts';

/** The compiled module at work in one memory. */
export type Instance = {
  readonly calls: Calls;
  readonly memory: WebAssembly.Memory;
  /** What it calls in the memory beyond (assembly/root.ts). */
  readonly table: WebAssembly.Table;
};

/** All instances that there are are of one module. */
export const moduleOfAll = (): WebAssembly.Module =>
  (module ??= new WebAssembly.Module(Buffer.from(compiled, 'base64')));
let module: WebAssembly.Module | null = null;

/** Throws RangeError where the system gives none. */
export const newMemory = (pages: number): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: FEWEST, maximum: pages, shared: true });

/** `called`: whom it calls now. */
export const instanceIn = (module: WebAssembly.Module, memory: WebAssembly.Memory, called: () => Called): Instance => {
  const search: Called & Record<'outOfMemory' | 'lost', () => never> = {
    outOfMemory: () => {
      throw new RangeError('no memory for more states');
    },
    lost: () => {
      throw new Lost();
    },
    resolve: (local, result) => called().resolve(local, result),
    callbackEntry: (record, callback, generation) => called().callbackEntry(record, callback, generation),
    ask: (cpu, from, at) => called().ask(cpu, from, at),
    mention: (local) => called().mention(local),
    whereabouts: (local) => called().whereabouts(local),
    prepare: (order) => called().prepare(order),
    renumber: (which, local) => called().renumber(which, local),
    look: (state, from) => called().look(state, from),
    ended: (from, at) => called().ended(from, at),
    failed: (failure) => called().failed(failure),
  };
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: SLOTS });
  const { exports } = new WebAssembly.Instance(module, { env: { memory, table }, search });
  return { calls: exports as Calls, memory, table };
};

/** Has the states that are new go into another memory, of at most as many pages. Throws RangeError where the system gives none. */
export const beyond = ({ calls, table }: Instance, pages: number): Instance => {
  const next = instanceIn(moduleOfAll(), newMemory(pages), () => nobody);
  next.calls.reset(BASE);
  next.calls.plantBeyond();
  const { offerPair, findPair, pairOf, glancePair, hasRoomFrom } = next.calls;
  [offerPair, findPair, pairOf, glancePair, hasRoomFrom].forEach((call, i) => table.set(1 + i, call));
  calls.close();
  return next;
};

/** Slots of the table; the first is none. */
const SLOTS = 6;
/** Pages of memory to begin with. */
const FEWEST = 16;
/** The first byte that is used: zero is no address. */
export const BASE = 64;
