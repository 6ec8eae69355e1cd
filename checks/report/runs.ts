import type { Step, Trace } from '../../src/explore/search/verdict.ts';

/** Runs made by hand, for the checks of what is shown of them. */

const step = (cpu: number, name: string, c: string, rest: Partial<Step> = {}): Step => ({
  cpu,
  step: name,
  picks: [],
  c,
  spec: 'spec/some.ts:1',
  stack: [name.split(':')[0]! + '(a)'],
  did: '',
  changes: [],
  ...rest,
});

/** A reader in its epoch section, a remover that frees too early. */
export const useAfterFree: Trace = {
  cpus: ['CPU0', 'CPU1', 'ngthread0', 'callbacks'],
  circle: null,
  over: false,
  steps: [
    step(0, 'ng_address_hook: NET_EPOCH_ENTER', 'ng_base.c:3655', {
      did: 'NET_EPOCH_ENTER',
      changes: ['epoch sections of CPU0: 0 → 1'],
    }),
    step(0, 'ng_address_hook: load hk_peer #1', 'ng_base.c:3658', { did: 'hk_peer of a = b' }),
    step(1, 'ng_destroy_hook: mtx_lock node_mtx', 'ng_base.c:1255', {
      did: 'mtx_lock node_mtx of A',
      changes: ['A.node_mtx: free → held by CPU 1'],
    }),
    step(1, 'ng_destroy_hook: store hk_flags', 'ng_hub.c:117', {
      did: 'store hk_flags of b HK_INVALID',
      changes: ['b.hk_flags: 0 → HK_INVALID', 'item1.el_dest: A → NULL'],
    }),
    step(1, 'ng_destroy_hook: mtx_unlock node_mtx', 'ng_base.c:1258', {
      did: 'mtx_unlock node_mtx of A',
      changes: ['A.node_mtx: held by CPU 1 → free'],
    }),
    step(1, 'ng_unref_hook: free Hook', 'ng_base.c:1079', { did: 'free b', changes: ['b: live → freed'] }),
    step(0, 'ng_address_hook: refcount_acquire hk_refs', 'ng_base.c:3670', { did: 'refcount_acquire hk_refs of b' }),
    step(0, 'ng_address_hook: NET_EPOCH_EXIT', 'ng_base.c:3676', {
      did: 'NET_EPOCH_EXIT',
      changes: ['epoch sections of CPU0: 1 → 0'],
    }),
  ],
};

/** The same steps, each by another CPU: more columns than fit. */
export const manyCpus: Trace = {
  ...useAfterFree,
  cpus: useAfterFree.steps.map((_, cpu) => `CPU${cpu}`),
  steps: useAfterFree.steps.map((each, cpu) => ({ ...each, cpu })),
};

/** Nobody frees the item: no step is wrong, only the end. */
export const lost: Trace = {
  cpus: ['CPU0', 'CPU1', 'callbacks'],
  circle: null,
  over: true,
  steps: [
    step(0, 'ng_package_msg: alloc Item', 'ng_base.c:3605', { did: 'alloc Item', changes: ['item1: unused → live'] }),
    step(1, 'ng_hub_rcvmsg: load nd_private', 'ng_hub.c:100', {
      did: 'load nd_private of H = H.private',
      changes: ['item1.msg: NGM_HUB_SET_PERSISTENT → NULL', 'H.private.persistent: false → true'],
    }),
    step(0, 'ng_snd_item: load q_flags', 'ng_base.c:2376', { did: 'load q_flags of G = 0' }),
    step(1, 'dropNode: refcount_release nd_refs', 'ng_base.c:819', {
      did: 'refcount_release nd_refs of H',
      changes: ['H.nd_refs: 3 → 2'],
    }),
  ],
};
