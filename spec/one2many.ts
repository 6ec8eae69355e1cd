import { allocOwned, free, given, KASSERT, panic } from '../src/machine/access.ts';
import { again, procedure, type Again } from '../src/machine/procedure.ts';
import { pointer, staticRecord, truth, word } from '../src/machine/record.ts';
import { ng_address_hook } from './address.ts';
import { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import { Mbuf, rcvifOf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { NGF_INVALID, type Node } from './node.ts';
import { ng_free_item, ng_package_data } from './package.ts';
import { ng_unref_node } from './reference.ts';
import { ng_rmnode_self } from './rmnode.ts';
import { ng_snd_item } from './send.ts';

/** ng_one2many: what comes by "one" goes to one of the "many", in turn, or to all; what comes by one of the many goes to "one". */
export const ng_one2many = staticRecord(NgType, 'ng_one2many');

/** NG_ONE2MANY_MAX_LINKS, which is 64 in the C. */
const MAX_LINKS = 3;

/** NG_ONE2MANY_XMIT_ROUNDROBIN and _ALL. */
export const XMIT_ROUNDROBIN = 1;
export const XMIT_ALL = 2;

/**
 * The number of a link, which the C casts to a pointer and keeps in hk_private. A number has no memory, so these are never
 * freed; link 0 is the NULL pointer, and "one" is -1.
 */
class LinkNum extends Private {}
const ONE = staticRecord(LinkNum, '(void *)-1');
const LINKS = [null, staticRecord(LinkNum, '(void *)1'), staticRecord(LinkNum, '(void *)2')] as const;
/** What newhook puts in hk_private. */
export const linkNumOf = (name: string): Private | null => (name === 'one' ? ONE : LINKS[Number(name.slice(4))]!);

/** struct ng_one2many_private. The pointers to hooks come without references; nothing in it has a lock. */
export class One2ManyPrivate extends Private {
  xmitAlg = word(0, 2, 'conf: to whom a packet from "one" goes; NGM_ONE2MANY_SET_CONFIG sets it');
  one: Hook | null = pointer(() => Hook, 'one.hook');
  many0: Hook | null = pointer(() => Hook, 'many[0].hook');
  many1: Hook | null = pointer(() => Hook, 'many[1].hook');
  many2: Hook | null = pointer(() => Hook, 'many[2].hook');
  enabled0 = truth('conf.enabledLinks[0]');
  enabled1 = truth('conf.enabledLinks[1]');
  enabled2 = truth('conf.enabledLinks[2]');
  stats = word(0, 0, 'counters of all links; that they are loaded and stored matters, not what they say');
  nextMany = word(0, MAX_LINKS, 'place in activeMany whose turn is next');
  numActiveMany = word(0, MAX_LINKS, 'how many places of activeMany are in use');
  activeMany0 = word(0, MAX_LINKS - 1, 'activeMany[0]: the number of a link');
  activeMany1 = word(0, MAX_LINKS - 1, 'activeMany[1]');
  activeMany2 = word(0, MAX_LINKS - 1, 'activeMany[2]');
  activeMany3 = word(0, MAX_LINKS - 1, 'activeMany[3]: in the C there is room for what two writers at a time can add');
}

/* The arrays, by index. */
export const many = ['many0', 'many1', 'many2'] as const;
export const enabledLinks = ['enabled0', 'enabled1', 'enabled2'] as const;
const activeMany = ['activeMany0', 'activeMany1', 'activeMany2', 'activeMany3'] as const;

export const ng_one2many_rcvdata = procedure(
  'ng_one2many.c:412-494',
  function ng_one2many_rcvdata(hook: Hook, item: DataItem, td_ng_outbound: number): void {
    const priv = own(One2ManyPrivate, hook.hk_node.nd_private); // 415
    const linkNum = hook.hk_private; // 425
    const index = linkNum === ONE ? null : LINKS.indexOf(linkNum as LinkNum | null);
    const source = index === null ? priv.one : priv[many[index]!]; // 433
    if (given('one2many-loads-once') && source === null) return ng_free_item(item);
    KASSERT(source !== null, 'ng_one2many_rcvdata: no src');
    priv.stats += 0; // 436
    if (index !== null) return deliver(priv, null, item, td_ng_outbound);
    const active = priv.numActiveMany; // 441
    if (active === 0) return ng_free_item(item); // 442
    const alg = priv.xmitAlg; // 445
    if (alg === XMIT_ROUNDROBIN) {
      const link = given('one2many-loads-once') ? linkInTurn(priv, active) : nextLink(priv);
      return deliver(priv, link, item, td_ng_outbound);
    }
    const first = priv.activeMany0; // 452
    toOthers(priv, 1, given('one2many-loads-once') ? active : null, item.m!, td_ng_outbound);
    deliver(priv, first, item, td_ng_outbound);
  },
);

/**
 * Whose turn it is. The table is read and the turn moved on by plain accesses, so readers at the same time can send twice to one
 * link, and with a disconnect at the same time the divisor, which was not 0 when it was tested, can be 0 now.
 */
const nextLink = procedure('ng_one2many.c:447-448', function nextLink(priv: One2ManyPrivate): number {
  const turn = priv.nextMany; // 447
  const linkNum = priv[activeMany[turn]!]; // 447
  const next = priv.nextMany; // 448
  const active = priv.numActiveMany; // 448
  if (active === 0) panic('integer divide fault'); // 448
  priv.nextMany = (next + 1) % active; // 448
  return linkNum;
});

/** The same with `active` links, as many as there were when that was tested: a turn beyond them is the first again. */
const linkInTurn = procedure(
  'ng_one2many.c:447-448',
  function linkInTurn(priv: One2ManyPrivate, active: number): number {
    const next = priv.nextMany; // 447
    const turn = next < active ? next : 0;
    priv.nextMany = (turn + 1) % active; // 448
    return priv[activeMany[turn]!]; // 447
  },
);

/** The loop of NG_ONE2MANY_XMIT_ALL, from place `i` on. `active`: how many links there were, or NULL: that is loaded each turn. */
const toOthers = procedure(
  'ng_one2many.c:457-473',
  function toOthers(
    priv: One2ManyPrivate,
    i: number,
    active: number | null,
    m: Mbuf,
    td_ng_outbound: number,
  ): void | Again {
    if (i >= (active ?? priv.numActiveMany)) return; // 457
    const linkNum = priv[activeMany[i]!]; // 461
    void m.m_pkthdr_len; // 462
    const m2 = allocOwned(Mbuf); // 462
    m2.rcvif = rcvifOf(m); // 462
    priv.stats += 0; // 470
    const copy = ng_package_data(m2); // 472
    if (ng_address_hook(copy, priv[many[linkNum]!])) ng_snd_item(copy, td_ng_outbound); // 472
    return again(priv, i + 1, active, m, td_ng_outbound);
  },
);

/** Forwards the packet itself, by the link with a number or by "one". */
const deliver = procedure(
  'ng_one2many.c:488-492',
  function deliver(priv: One2ManyPrivate, linkNum: number | null, item: DataItem, td_ng_outbound: number): void {
    priv.stats += 0; // 488
    const way = linkNum === null ? priv.one : priv[many[linkNum]!]; // 492
    if (ng_address_hook(item, way)) ng_snd_item(item, td_ng_outbound); // 492
  },
);

export const ng_one2many_shutdown = procedure('ng_one2many.c:500-510', function ng_one2many_shutdown(node: Node): void {
  const priv = own(One2ManyPrivate, node.nd_private); // 502
  KASSERT(priv.numActiveMany === 0, 'ng_one2many_shutdown: numActiveMany'); // 504
  if (!given('private-with-owner')) {
    free(priv); // 506
    node.nd_private = null; // 507
  }
  ng_unref_node(node); // 508
});

export const ng_one2many_nodefree = procedure('', function ng_one2many_nodefree(node: Node): void {
  free(node.nd_private);
});

export const ng_one2many_disconnect = procedure(
  'ng_one2many.c:516-541',
  function ng_one2many_disconnect(hook: Hook): void {
    const priv = own(One2ManyPrivate, hook.hk_node.nd_private); // 518
    const linkNum = hook.hk_private; // 522
    if (linkNum === ONE) {
      priv.one = null; // 529
    } else {
      const index = LINKS.indexOf(linkNum as LinkNum | null);
      priv[many[index]!] = null; // 531
      priv[enabledLinks[index]!] = false; // 532
      ng_one2many_update_many(priv); // 533
    }
    const numhooks = hook.hk_node.nd_numhooks; // 537
    if (numhooks !== 0) return;
    const invalid = hook.hk_node.nd_flags & NGF_INVALID; // 538
    if (!invalid) ng_rmnode_self(hook.hk_node); // 539
  },
);

/** Makes the table of active links anew, in place: for a while it is empty, or shorter than it will be. */
export const ng_one2many_update_many = procedure(
  'ng_one2many.c:551-595',
  function ng_one2many_update_many(priv: One2ManyPrivate): void {
    priv.numActiveMany = 0; // 557
    for (let linkNum = 0; linkNum < MAX_LINKS; linkNum++) addIfActive(priv, linkNum);
    const alg = priv.xmitAlg; // 582
    if (alg !== XMIT_ROUNDROBIN) return;
    const active = priv.numActiveMany > 0; // 584
    if (active) shortenTurn(priv);
  },
);

const addIfActive = procedure(
  'ng_one2many.c:562-566',
  function addIfActive(priv: One2ManyPrivate, linkNum: number): void {
    const connected = priv[many[linkNum]!] !== null; // 562
    if (!connected) return;
    const enabled = priv[enabledLinks[linkNum]!]; // 563
    if (!enabled) return;
    const place = priv.numActiveMany; // 564
    priv[activeMany[place]!] = linkNum; // 564
    priv.numActiveMany += 1; // 565
  },
);

const shortenTurn = procedure('ng_one2many.c:585-585', function shortenTurn(priv: One2ManyPrivate): void {
  const next = priv.nextMany; // 585
  const active = priv.numActiveMany; // 585
  if (active === 0) panic('integer divide fault'); // 585
  priv.nextMany = next % active; // 585
});
