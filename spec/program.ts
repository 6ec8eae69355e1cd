import { allocOwned, choose, NET_EPOCH_ENTER, NET_EPOCH_EXIT } from '../src/machine/access.ts';
import { procedure, type Procedure } from '../src/machine/procedure.ts';
import { ng_address_ID } from './address.ts';
import { asks } from './asked.ts';
import { ng_iface_send, type IfacePrivate } from './iface.ts';
import { Mbuf } from './mbuf.ts';
import type { Mesg } from './mesg.ts';
import { ng_package_msg } from './package.ts';
import { ng_address_path } from './path.ts';
import { ng_snd_item } from './send.ts';
import type { Socket } from './socket.ts';
import { request } from './syscall.ts';

/** What a CPU of a scenario can be told to do. */
export type Operation =
  | { readonly kind: 'send'; readonly through: IfacePrivate }
  | { readonly kind: 'call'; readonly call: () => void }
  /** A number is an ID, a text a path. */
  | { readonly kind: 'message'; readonly to: number | string; readonly msg: Mesg }
  | { readonly kind: 'request'; readonly through: Socket; readonly to: string; readonly msg: Mesg };

/** The network stack sends a packet out of an interface, in an epoch section of its own. */
export const send = procedure('ng_iface.c:347-390', function send(priv: IfacePrivate): void {
  NET_EPOCH_ENTER();
  const m = allocOwned(Mbuf);
  if (asks('in-order')) stamp(priv, m);
  ng_iface_send(priv, m); // 387
  NET_EPOCH_EXIT();
});

/** A ghost: which packet of the interface it is. */
const stamp = procedure('', function stamp(priv: IfacePrivate, m: Mbuf): void {
  priv.sent += 1;
  m.number = priv.sent;
});

/** A part of the kernel sends a control message to a node, by its ID or along a path, and does not wait for an answer. */
export const message = procedure('', function message(to: number | string, msg: Mesg): void {
  const item = ng_package_msg(msg);
  const found = typeof to === 'number' ? ng_address_ID(item, to, null) : ng_address_path(null, item, to) === 0;
  if (found) ng_snd_item(item, 0);
});

/**
 * The root of a CPU: one operation after the other, each of which is the one, or any, of those that its turn has. The list is constant, so closing over
 * it hides no state.
 */
export const programOf = (turns: readonly (readonly Operation[])[]): Procedure<[], void> =>
  procedure('', function program(): void {
    for (const among of turns) {
      const operation = among[among.length === 1 ? 0 : choose(among.length)]!;
      if (operation.kind === 'send') send(operation.through);
      else if (operation.kind === 'request') request(operation.through, operation.msg, operation.to);
      else if (operation.kind === 'call') operation.call();
      else message(operation.to, operation.msg);
    }
  });
