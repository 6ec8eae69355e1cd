import { describe, expect, it } from 'vitest';
import { clashIn } from '../../spec/scarce.ts';
import type { Act, Turn } from '../../spec/scenario.ts';

/** What there is only one of is for one CPU. */

const detach = (node: string): Act => ({ detach: { node } });
const asks = (from: string): Act => ({ listhooks: { node: 'A', from } });
const closes = (node: string): Act => ({ close: { node } });
const writes = (node: string): Act => ({ sendto: { node } });

describe('programs', () => {
  it.each<readonly [what: string, programs: readonly (readonly Turn[])[], wrong: string]>([
    [
      'use one control socket',
      [[asks('S')], [asks('S')]],
      'needs the control socket of S, which one CPU only may use.',
    ],
    ['ask by a socket that the other closes', [[closes('S')], [asks('S')]], 'needs the control socket of S'],
    ['write by one data socket', [[writes('S')], [{ close: { node: 'S', data: true } }]], 'needs the data socket of S'],
    [
      'connect a data socket that the other writes by',
      [[writes('S')], [{ connectdata: { node: 'S' } }]],
      'needs the data socket of S',
    ],
    ['may both come to it', [[asks('S')], [{ any: [detach('E'), asks('S')] }]], 'needs the control socket of S'],
    [
      'take one interface away',
      [[detach('E')], [detach('E')]],
      'needs the interface of E, which may have gone by then.',
    ],
    ['end the network stack', [[{ teardown: {} }], [{ teardown: {} }]], 'needs the network stack'],
  ])('of two CPUs that %s are refused', (_what, programs, wrong) => {
    expect(clashIn(programs)).toMatchObject({ cpu: 1, turn: 0 });
    expect(clashIn(programs)!.why).toContain(wrong);
  });

  it.each<readonly [what: string, program: readonly Turn[]]>([
    ['takes an interface away twice', [asks('S'), detach('E'), detach('E')]],
    ['asks by a socket that it has closed', [asks('S'), closes('S'), asks('S')]],
    ['closes a socket twice', [asks('S'), closes('S'), closes('S')]],
    ['may have closed the socket that it asks by', [asks('S'), { any: [detach('E'), closes('S')] }, asks('S')]],
  ])('of one CPU that %s are refused, and it is said at which turn', (_what, program) => {
    expect(clashIn([program])).toMatchObject({
      cpu: 0,
      turn: 2,
      why: expect.stringContaining('may have gone by then'),
    });
  });

  it.each<readonly [what: string, programs: readonly (readonly Turn[])[]]>([
    ['one CPU that uses a socket again and again', [[asks('S'), asks('S'), closes('S')]]],
    ['the two sockets of a process', [[asks('S')], [writes('S')]]],
    ['sockets of two processes', [[asks('S')], [asks('R')]]],
    ['two interfaces', [[detach('E')], [detach('F')]]],
    ['a choice that has the same twice', [[{ any: [detach('E'), detach('E')] }]]],
  ])('with %s are none the worse', (_what, programs) => {
    expect(clashIn(programs)).toBe(null);
  });
});
