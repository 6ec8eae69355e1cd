import { free, given } from '../src/machine/access.ts';
import { procedure } from '../src/machine/procedure.ts';
import { ghost, staticRecord, word } from '../src/machine/record.ts';
import { asks } from './asked.ts';
import { ng } from './globals.ts';
import type { Hook } from './hook.ts';
import type { DataItem } from './item.ts';
import { own, Private } from './linked.ts';
import type { Mbuf } from './mbuf.ts';
import { NgType } from './ngtype.ts';
import { ng_free_item } from './package.ts';
import { ng_rmnode_self } from './rmnode.ts';

/** ng_hole: a sink. It counts what comes and throws it away. Without hooks it goes, however it came to have none. */
export const ng_hole = staticRecord(NgType, 'ng_hole');

/** struct ng_hole_hookinfo: memory of one hook. That the counters are loaded and stored matters, not what they say. */
export class HoleHookInfo extends Private {
  frames = word(0, 0, 'packets that came; a plain counter');
  octets = word(0, 0, 'octets that came; a plain counter');
  last = ghost(word(0, 7, 'the number of the packet that came last, where somebody asks'));
}

export const ngh_rcvdata = procedure(
  'ng_hole.c:203-211',
  function ngh_rcvdata(hook: Hook, item: DataItem, _td_ng_outbound: number): void {
    const hip = own(HoleHookInfo, hook.hk_private); // 205
    const frames = hip.frames; // 207
    ng.delivered = true;
    hip.frames = frames; // 207
    ng.delivered = false;
    const { m } = item; // 208
    if (asks('in-order')) note(hip, m!);
    const octets = hip.octets; // 208
    hip.octets = octets + m!.m_pkthdr_len; // 208
    ng_free_item(item); // 209
  },
);

/** A ghost: whether the packet has been overtaken. */
const note = procedure('', function note(hip: HoleHookInfo, m: Mbuf): void {
  const number = m.number;
  if (number < hip.last) ng.overtaken = true;
  hip.last = number;
});

export const ngh_disconnect = procedure('ng_hole.c:217-225', function ngh_disconnect(hook: Hook): void {
  if (!given('private-with-owner')) {
    const hip = hook.hk_private; // 220
    if (hip !== null) free(hip); // 220
    hook.hk_private = null; // 221
  }
  const numhooks = hook.hk_node.nd_numhooks; // 222
  if (numhooks === 0) ng_rmnode_self(hook.hk_node); // 223
});

export const ngh_hookfree = procedure('', function ngh_hookfree(hook: Hook): void {
  free(hook.hk_private);
});
