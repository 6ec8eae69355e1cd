import { forward } from './address.ts';
import { NET_EPOCH_ENTER, NET_EPOCH_EXIT } from './epoch.ts';
import { HK_INVALID, HK_QUEUE } from './flags.ts';
import { publish } from './hash.ts';
import { tally } from './item.ts';
import { at, globals, hook_, node_, td_, type Pointer } from './layout.ts';
import { ng_make_node_common } from './make.ts';
import { ng_name_node } from './name.ts';
import { typeNames } from './ngtype.ts';
import { alloc, live } from './pool.ts';
import { ng_unref_node } from './reference.ts';
import { raise, read, write } from './private.ts';
import { EEXIST, EINVAL, ENOMEM, type Td } from './td.ts';
import { intern, textOf } from './text.ts';

/**
 * ng_ipfw: the one node through which a firewall sends packets into the graph. A hook is called as the number of the rule that it is for, and all that comes
 * by hooks of the node is queued. The firewall calls netgraph by a pointer (`ng_ipfw_input_p`), which is 0 when the node has gone; the node is
 * never forgotten (`fw_node`), so who has loaded the pointer in a section may go to it.
 */
const cookie = 0;

/** Makes the node, with the name "ipfw". @returns it, or -EEXIST when there is one, -ENOMEM. */
export function loadFirewall(td: Td): Pointer {
  const { arena } = td;
  if (Atomics.load(arena, globals.ng_ipfw_input_p) !== 0) return -EEXIST;
  const node = ng_make_node_common(td, typeNames.indexOf('ipfw'));
  if (node === 0) return -ENOMEM;
  publish(td, node);
  Atomics.store(arena, globals.fw_node, node);
  ng_name_node(td, node, intern(td, 'ipfw'));
  Atomics.store(arena, globals.ng_ipfw_input_p, 1);
  return node;
}

/**
 * A packet has met the rule "netgraph N" (ipfw_check_packet).
 * @returns whether there is a hook for the rule; then the packet belongs to netgraph. Else it is dropped.
 */
export function filter(td: Td, rule: number, m: number): boolean {
  NET_EPOCH_ENTER(td);
  tally(td, td_.sent);
  const taken = Atomics.load(td.arena, globals.ng_ipfw_input_p) !== 0 && ng_ipfw_input(td, rule, m);
  if (!taken) tally(td, td_.dropped);
  NET_EPOCH_EXIT(td);
  return taken;
}

function ng_ipfw_input(td: Td, rule: number, m: number): boolean {
  if (Atomics.load(td.arena, globals.fw_node) === 0) return false;
  const hook = findhook1(td, live(td, 'node', Atomics.load(td.arena, globals.fw_node)), rule);
  if (hook !== 0) forward(td, hook, m, 0);
  return hook !== 0;
}

/** The hook for a rule. The firewall calls it outside the gate, ng_findhook within. */
function findhook1(td: Td, node: Pointer, rule: number): Pointer {
  const { arena } = td;
  let hook = Atomics.load(arena, at(node, node_.nd_hooks));
  while (hook !== 0 && !isFor(td, hook, rule)) hook = Atomics.load(arena, at(hook, hook_.cle_next));
  return hook;
}

function isFor(td: Td, hook: Pointer, rule: number): boolean {
  const hpriv = live(td, 'private', Atomics.load(td.arena, at(live(td, 'hook', hook), hook_.hk_private)));
  if (Atomics.load(td.arena, at(hook, hook_.hk_flags)) & HK_INVALID) return false;
  return read(td, hpriv, cookie) === rule;
}

export function ng_ipfw_findhook(td: Td, node: Pointer, name: number): Pointer {
  const text = textOf(td, name);
  return /\D/.test(text) ? 0 : findhook1(td, node, Number(text));
}

export function ng_ipfw_newhook(td: Td, _node: Pointer, hook: Pointer, name: number): number {
  const text = textOf(td, name);
  if (!/^(0|[1-9]\d*)$/.test(text)) return EINVAL;
  const hpriv = alloc(td, 'private');
  if (hpriv === 0) return ENOMEM;
  write(td, hpriv, cookie, Number(text));
  Atomics.store(td.arena, at(hook, hook_.hk_private), hpriv);
  return 0;
}

export function ng_ipfw_connect(td: Td, hook: Pointer): number {
  raise(td, hook, HK_QUEUE);
  return 0;
}

/** A packet goes back to the firewall. */
export function ng_ipfw_rcvdata(td: Td): number {
  tally(td, td_.delivered);
  return 0;
}

export function ng_ipfw_shutdown(td: Td, node: Pointer): void {
  Atomics.store(td.arena, globals.ng_ipfw_input_p, 0);
  ng_unref_node(td, node);
}
