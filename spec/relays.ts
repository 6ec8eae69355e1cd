import { slot } from '../src/machine/record.ts';
import { ng_callout_trampoline, wheel } from './callout.ts';
import { Item, NGQF_FN, NGQF_WRITER } from './item.ts';
import type { Kind } from './kinds.ts';
import type { Private } from './linked.ts';
import { Mbuf } from './mbuf.ts';
import {
  LibAlias, NatPrivate, ng_nat, ng_nat_disconnect, ng_nat_nodefree, ng_nat_rcvdata, ng_nat_shutdown, NGNAT_ADDR_DEFINED, NGNAT_CONNECTED,
} from './nat.ts'; // prettier-ignore
import { NGF_FORCE_WRITER } from './node.ts';
import {
  linkNumOf, ng_one2many, ng_one2many_disconnect, ng_one2many_nodefree, ng_one2many_rcvdata, ng_one2many_shutdown, One2ManyPrivate, XMIT_ALL,
  XMIT_ROUNDROBIN,
} from './one2many.ts'; // prettier-ignore
import {
  NG_SOURCE_ACTIVE, ng_source, ng_source_disconnect, ng_source_intr, ng_source_nodefree, ng_source_rcvdata, ng_source_rmnode, SourcePrivate,
} from './source.ts'; // prettier-ignore
import {
  HookInfo, ng_tee, ng_tee_close, ng_tee_disconnect, ng_tee_nodefree, ng_tee_rcvdata, ng_tee_shutdown, TeePrivate,
} from './tee.ts'; // prettier-ignore

/** Kinds of nodes that pass packets on, and keep in private data where to. */

const parts = ['left', 'right', 'left2right', 'right2left'] as const;
type Part = (typeof parts)[number];

/** A part of a tee's private data: made together with it, so its number follows from that of the whole. */
const partOf = (priv: Private, part: Part): HookInfo => slot(HookInfo, priv.slot * parts.length + parts.indexOf(part));

export const tee: Kind = {
  type: ng_tee,
  methods: {
    rcvdata: ng_tee_rcvdata,
    disconnect: ng_tee_disconnect,
    close: ng_tee_close,
    shutdown: ng_tee_shutdown,
    nodefree: ng_tee_nodefree,
  },
  hooks: parts,
  shutdown: true,
  construct: (world, title) => {
    const infos = parts.map((part) => [part, world.make(HookInfo, `${title}.${part}`)] as const);
    return world.make(TeePrivate, title, Object.fromEntries(infos));
  },
  hookFlags: 0,
  newhook: (world, _title, priv, hook, name) => {
    const info = partOf(priv!, name as Part);
    world.set(info, { hook });
    return info;
  },
  attach: (world, _node, priv, hooks) => {
    const present = (part: Part): HookInfo | null => (hooks.has(part) ? partOf(priv!, part) : null);
    const link = (from: Part, to: Part, copy: Part): void => {
      const dest = present(to);
      world.set(partOf(priv!, from), { dest: dest ?? present(copy), dup: dest === null ? null : present(copy) });
      world.set(partOf(priv!, copy), { dest: present(from) });
    };
    link('left', 'right', 'left2right');
    link('right', 'left', 'right2left');
    return 0;
  },
};

export const one2many: Kind = {
  type: ng_one2many,
  methods: {
    rcvdata: ng_one2many_rcvdata,
    disconnect: ng_one2many_disconnect,
    shutdown: ng_one2many_shutdown,
    nodefree: ng_one2many_nodefree,
  },
  hooks: ['one', 'many0', 'many1', 'many2'],
  shutdown: true,
  construct: (world, title, { all = false }) =>
    world.make(One2ManyPrivate, title, { xmitAlg: all ? XMIT_ALL : XMIT_ROUNDROBIN }),
  hookFlags: 0,
  newhook: (world, _title, priv, hook, name) => {
    world.set(priv as One2ManyPrivate, { [name]: hook });
    return linkNumOf(name);
  },
  attach: (world, _node, priv, hooks) => {
    const links = [0, 1, 2].filter((link) => hooks.has(`many${link}`));
    world.set(priv as One2ManyPrivate, { numActiveMany: links.length });
    for (const [place, link] of links.entries())
      world.set(priv as One2ManyPrivate, { [`enabled${link}`]: true, [`activeMany${place}`]: link });
    return 0;
  },
};

export const nat: Kind = {
  type: ng_nat,
  methods: {
    rcvdata: ng_nat_rcvdata,
    disconnect: ng_nat_disconnect,
    shutdown: ng_nat_shutdown,
    nodefree: ng_nat_nodefree,
  },
  hooks: ['in', 'out'],
  shutdown: true,
  nodeFlags: NGF_FORCE_WRITER,
  construct: (world, title) =>
    world.make(NatPrivate, title, { lib: world.make(LibAlias, title.replace('private', 'lib')) }),
  hookFlags: 0,
  newhook: (world, _title, priv, hook, name) => {
    world.set(priv as NatPrivate, { [name]: hook });
    return null;
  },
  attach: (world, _node, priv, hooks) => {
    const connected = hooks.has('in') && hooks.has('out') ? NGNAT_CONNECTED : 0;
    world.set(priv as NatPrivate, { flags: NGNAT_ADDR_DEFINED | connected });
    return 0;
  },
};

/** It has been started, so its callout is on the wheel, with an item that holds a reference on the node. */
export const source: Kind = {
  type: ng_source,
  methods: {
    rcvdata: ng_source_rcvdata,
    disconnect: ng_source_disconnect,
    shutdown: ng_source_rmnode,
    nodefree: ng_source_nodefree,
  },
  hooks: ['output'],
  shutdown: true,
  nodeFlags: NG_SOURCE_ACTIVE,
  construct: (world, title, { packets = 1 }) =>
    world.make(SourcePrivate, title, { packets, snd_queue: world.make(Mbuf, title.replace('private', 'packet')) }),
  hookFlags: 0,
  newhook: (world, _title, priv, hook) => {
    world.set(priv as SourcePrivate, { output: hook });
    return null;
  },
  attach: (world, node, priv) => {
    const sc = priv as SourcePrivate;
    const tick = world.make(Item, 'tick', {
      el_flags: NGQF_FN | NGQF_WRITER,
      el_dest: node,
      fn: ng_source_intr,
      fn_arg1: sc,
    });
    world.set(sc, { node, c_func: ng_callout_trampoline, c_arg: tick });
    world.set(wheel, { pending: sc });
    return 1;
  },
};
