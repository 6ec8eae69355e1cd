import type { World } from '../src/machine/world.ts';
import { ether, ipfw } from './devices.ts';
import { HK_HI_STACK, HK_TO_INBOUND, type Hook } from './hook.ts';
import { HoleHookInfo, ng_hole, ngh_disconnect, ngh_hookfree, ngh_rcvdata } from './hole.ts';
import { HubPrivate, ng_hub, ng_hub_disconnect, ng_hub_nodefree, ng_hub_rcvdata, ng_hub_shutdown } from './hub.ts';
import { IfacePrivate, ng_iface, ng_iface_disconnect, ng_iface_rcvdata } from './iface.ts';
import type { Private } from './linked.ts';
import type { NgType } from './ngtype.ts';
import type { Node } from './node.ts';
import {
  ng_patch,
  ng_patch_disconnect,
  ng_patch_nodefree,
  ng_patch_rcvdata,
  ng_patch_shutdown,
  PatchPrivate,
} from './patch.ts';
import { nat, one2many, source, tee } from './relays.ts';
import type { Scenario } from './scenario.ts';
import { socket } from './sockets.ts';

export type NodeDraft = Scenario['nodes'][string];

export type Call = 'input' | 'output' | 'detach' | 'rename' | 'move';

/** A kind of node: its type with its methods, and what constructor and newhook leave behind when the graph is built. */
export type Kind = {
  readonly type: NgType;
  readonly methods: Partial<
    Pick<NgType, 'rcvdata' | 'disconnect' | 'close' | 'shutdown' | 'findhook' | 'nodefree' | 'hookfree'>
  >;
  /** Names that its hooks can have; null: any. */
  readonly hooks: readonly string[] | null;
  /** Whether NGM_SHUTDOWN is modelled for it; a text says why not. */
  readonly shutdown: true | string;
  readonly construct: (world: World, title: string, draft: NodeDraft) => Private | null;
  /** Flags of a new hook of the kind. */
  readonly hookFlags: number;
  readonly newhook: (world: World, title: string, priv: Private | null, hook: Hook, name: string) => Private | null;
  /** Flags of a new node of the kind. */
  readonly nodeFlags?: number;
  /** What is known only when all hooks are there. Returns how many references on the node this takes. */
  readonly attach?: (world: World, node: Node, priv: Private | null, hooks: ReadonlyMap<string, Hook>) => number;
  /** What the rest of the kernel can do with such a node beside `send`. */
  readonly calls?: Readonly<Record<Call, (priv: Private | null, name: string) => () => void>>;
};

const hole: Kind = {
  type: ng_hole,
  methods: { rcvdata: ngh_rcvdata, disconnect: ngh_disconnect, hookfree: ngh_hookfree },
  hooks: null,
  shutdown: true,
  construct: () => null,
  hookFlags: 0,
  newhook: (world, title) => world.make(HoleHookInfo, title),
};

const patch: Kind = {
  type: ng_patch,
  methods: {
    rcvdata: ng_patch_rcvdata,
    disconnect: ng_patch_disconnect,
    shutdown: ng_patch_shutdown,
    nodefree: ng_patch_nodefree,
  },
  hooks: ['in', 'out'],
  shutdown: true,
  construct: (world, title) => world.make(PatchPrivate, title),
  hookFlags: 0,
  newhook: (world, _title, priv, hook, name) => {
    world.set(priv as PatchPrivate, name === 'in' ? { in: hook } : { out: hook });
    return null;
  },
};

const hub: Kind = {
  type: ng_hub,
  methods: {
    rcvdata: ng_hub_rcvdata,
    disconnect: ng_hub_disconnect,
    shutdown: ng_hub_shutdown,
    nodefree: ng_hub_nodefree,
  },
  hooks: null,
  shutdown: true,
  construct: (world, title, { persistent = false }) => world.make(HubPrivate, title, { persistent }),
  hookFlags: 0,
  newhook: () => null,
};

const iface: Kind = {
  type: ng_iface,
  methods: { rcvdata: ng_iface_rcvdata, disconnect: ng_iface_disconnect },
  hooks: ['inet'],
  shutdown: 'the shutdown of an interface waits for the network stack (if_detach), which is not modelled',
  construct: (world, title) => world.make(IfacePrivate, title),
  hookFlags: HK_HI_STACK | HK_TO_INBOUND,
  newhook: (world, _title, priv, hook) => {
    world.set(priv as IfacePrivate, { hook });
    return null;
  },
};

export const kinds = {
  hole,
  patch,
  hub,
  iface,
  socket,
  tee,
  one2many,
  nat,
  source,
  ether,
  ipfw,
} as const satisfies Record<NodeDraft['type'], Kind>;
