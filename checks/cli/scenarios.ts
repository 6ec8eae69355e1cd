/** Scenarios for the checks of the command line: small ones, so that these checks are about the command line. */

const pair = {
  nodes: { W: { type: 'iface' }, B: { type: 'hole' } },
  links: [['W:inet', 'B:b']],
  ngthreads: 0,
  items: 4,
  packets: 1,
};

/** Nothing can go wrong. */
export const calm = { ...pair, description: 'One packet is sent.', cpus: [{ run: [{ send: { node: 'W' } }] }] };

/** The smallest race: the published branch loses it. */
export const race = {
  ...pair,
  description: 'One packet is sent while its way is taken away.',
  cpus: [{ run: [{ send: { node: 'W' } }] }, { run: [{ rmhook: { node: 'B', hook: 'b' } }] }],
};

/** Far more states than anybody waits for. */
export const endless = {
  ...pair,
  description: 'Two pairs of nodes, and packets on all of them at once.',
  nodes: { A: { type: 'iface' }, B: { type: 'hole' }, C: { type: 'iface' }, D: { type: 'hole' } },
  links: [
    ['A:inet', 'B:b'],
    ['C:inet', 'D:d'],
  ],
  cpus: ['A', 'C', 'A', 'C'].map((node) => ({ run: [{ send: { node } }, { send: { node } }] })),
  packets: 8,
};
