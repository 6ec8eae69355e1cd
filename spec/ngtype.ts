import type { Procedure } from '../src/machine/procedure.ts';
import { constant, mutex, name, routine, Shared, staticRecord, word, type Mutex } from '../src/machine/record.ts';
import type { Hook } from './hook.ts';
import type { DataItem, Item } from './item.ts';
import type { Node } from './node.ts';

/** `td_ng_outbound` of the thread that calls comes as the last argument; see ng_snd_item. */
export type RcvData = Procedure<[hook: Hook, item: DataItem, td_ng_outbound: number], void>;
export type Disconnect = Procedure<[hook: Hook], void>;
export type FindHook = Procedure<[node: Node, name: string], Hook | null>;
export type RcvMsg = Procedure<[node: Node, item: Item, lasthook: Hook | null], number>;
/** These return an error number. */
export type Constructor = Procedure<[node: Node], number>;
export type NewHook = Procedure<[node: Node, hook: Hook, name: string], number>;
export type Connect = Procedure<[hook: Hook], number>;
export type Shutdown = Procedure<[node: Node], void>;
/** Frees what the type has hung on a hook or a node, which nobody can be looking at any more. */
export type HookFree = Procedure<[hook: Hook], void>;

/**
 * struct ng_type (netgraph.h): one for each kind of node, there before everything. A method that is NULL is optional.
 */
export class NgType extends Shared {
  name = constant(name('the unique name of the type'));
  constructor_: Constructor | null = constant(routine<Constructor>('constructor: sets up a new node'));
  rcvmsg: RcvMsg | null = constant(routine<RcvMsg>('control messages that are not generic, and answers'));
  newhook: NewHook | null = constant(routine<NewHook>('a hook is about to be added; it can refuse'));
  connect: Connect | null = constant(routine<Connect>('a hook is about to be used; it can refuse'));
  close: Shutdown | null = constant(routine<Shutdown>('warns the type of a shutdown to come'));
  shutdown: Shutdown | null = constant(routine<Shutdown>('resets the node and frees what the type has hung on it'));
  findhook: FindHook | null = constant(routine<FindHook>('finds a hook by its name, for types with many hooks'));
  rcvdata: RcvData | null = constant(routine<RcvData>('data comes here'));
  disconnect: Disconnect | null = constant(routine<Disconnect>('tells the type that a hook goes'));
  nodefree: Shutdown | null = constant(routine<Shutdown>('frees nd_private with the node; not in the C'));
  hookfree: HookFree | null = constant(routine<HookFree>('frees hk_private with the hook; not in the C'));
  mtx: Mutex = mutex(
    'serialises the counting down of refs, where the design has it; never initialised, but zero is free',
  );
  /** A plain int that is counted down under no lock (ng_base.c:821), so two last references can lose a count. */
  refs = word(0, 9, 'one for the list of types and one for each node of the type');
}

/** A type whose constructor fails. */
export const ng_failing = staticRecord(NgType, 'ng_failing');

/** Has no methods at all: what is sent to ng_deadnode is dropped. */
export const ng_deadtype = staticRecord(NgType, 'ng_deadtype');
