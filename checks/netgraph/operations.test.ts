import { beforeEach, describe, expect, it } from 'vitest';
import {
  ask, at, attach, checkArena, close, create, ether_ifattach, ether_ifdetach, ether_input, ether_linkstate, ether_output, ether_reassign, ether_rename, ETHER_DETACH, ETHER_PROMISC, etherifname, EADDRINUSE, EBUSY, ECONNRESET, EEXIST, EINVAL, EIO, EISCONN, ENOENT, ENOMEM, ENOTCONN, ENXIO, EPIPE, filter, find, globals, hook_, hookOf, idHash, idOf, ifindex_, ifnet_, listhooks,
  listnames, listnodes, listtypes, loadFirewall, make, ngh_stats, nameHash, ngc_attach, ngc_bind, ngc_recv, ngc_send, ngd_attach, ngd_connect, ngd_send, ngd_stats, ngpcb_, ngsock_, nodeBehind, nodeinfo, nodeOf, post, send, slotOf, socket_, softclock, sourcestats, statistics, teestats, vnet_netgraph_uninit, used, type Design, type LinkLine, type NodeLine, type Pointer,
  type Td, type_, typeNames, type TypeLine, type TypeName,
} from '../../src/netgraph/index.ts'; // prettier-ignore
import { settle, stackOf } from './stack.ts';

const HK_INVALID = 1;
const designs: readonly Design[] = ['lockfree', 'rwlock'];

describe.each(designs)('in %s', (design) => {
  let td: Td;
  beforeEach(() => {
    td = stackOf(design);
  });

  const pathTo = (node: Pointer): string => `[${idOf(td, node).toString(16)}]:`;
  const mkpeer = (node: Pointer, hook: string, type: TypeName, peerhook: string): Pointer => {
    expect(ask(td, node, { cmd: 'mkpeer', hook, type, peerhook })).toBe(0);
    return find(td, `${pathTo(node)}${hook}`);
  };
  const connect = (node: Pointer, hook: string, peer: Pointer, peerhook: string): number =>
    ask(td, node, { cmd: 'connect', hook, path: pathTo(peer), peerhook });
  const frames = (node: Pointer, hook: string): number => ngh_stats(td, hookOf(td, node, hook)).frames;
  const isIntact = (): void => {
    settle(td);
    expect(checkArena(td)).toEqual([]);
  };

  it('packets go over relays to a sink, one after the other', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'patch', 'in');
    const sink = mkpeer(relay, 'out', 'hole', 'x');
    expect(send(td, source, 1, 2, 3)).toBe(0);
    expect(ngh_stats(td, hookOf(td, sink, 'x'))).toEqual({ frames: 3, last: 3 });
    isIntact();
  });

  it('a link that is taken apart drops what comes by it, and who is left without hooks goes', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'patch', 'in');
    mkpeer(relay, 'out', 'hole', 'x');
    expect(ask(td, source, { cmd: 'rmhook', hook: 'inet' })).toBe(0);
    settle(td);
    expect(send(td, source, 1)).toBe(EIO);
    expect(ask(td, relay, { cmd: 'shutdown' })).toBe(0);
    isIntact();
    expect(statistics(td).live.node).toBe(1);
    expect(statistics(td).dropped).toBe(1);
  });

  it('a hub sends to all but to where it came from', () => {
    const source = make(td, 'iface');
    const hub = mkpeer(source, 'inet', 'hub', 'a');
    const one = mkpeer(hub, 'b', 'hole', 'x');
    const other = mkpeer(hub, 'c', 'hole', 'x');
    send(td, source, 7, 8);
    expect([frames(one, 'x'), frames(other, 'x')]).toEqual([2, 2]);
    expect(statistics(td).copied).toBe(2);
    isIntact();
  });

  it('a tee copies to the side, and takes packets from there to where they would have come from', () => {
    const source = make(td, 'iface');
    const tee = mkpeer(source, 'inet', 'tee', 'left');
    const right = mkpeer(tee, 'right', 'hole', 'x');
    const side = mkpeer(tee, 'left2right', 'hole', 'x');
    const injector = make(td, 'iface');
    expect(connect(injector, 'inet', tee, 'right2left')).toBe(0);
    send(td, source, 1);
    send(td, injector, 2);
    expect([frames(right, 'x'), frames(side, 'x')]).toEqual([2, 1]);
    expect(ask(td, tee, { cmd: 'mkpeer', hook: 'up', type: 'hole', peerhook: 'x' })).toBe(EINVAL);
    isIntact();
  });

  it('a message goes along a path, and comes by the hook at its end', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'patch', 'in');
    mkpeer(relay, 'out', 'hole', 'x');
    const ID = idOf(td, source).toString(16);
    expect(post(td, `[${ID}]:inet.out`, { cmd: 'name', name: 'sink' })).toBe(0);
    expect(find(td, 'sink:')).toBe(find(td, `[${ID}]:inet.out`));
    expect(ask(td, 'sink:x.in.out', { cmd: 'shutdown' })).toBe(ENOENT);
    expect(ask(td, 'sink:x', { cmd: 'rmhook', hook: 'in' })).toBe(0);
    isIntact();
  });

  it('a tee that is shut down leaves its two peers linked to each other', () => {
    const source = make(td, 'iface');
    const tee = mkpeer(source, 'inet', 'tee', 'left');
    const right = mkpeer(tee, 'right', 'hole', 'x');
    expect(ask(td, tee, { cmd: 'shutdown' })).toBe(0);
    settle(td);
    expect(send(td, source, 3)).toBe(0);
    expect(frames(right, 'x')).toBe(1);
    isIntact();
  });

  it('a tee whose "right" goes sends to the copies instead, and one without a way drops', () => {
    const source = make(td, 'iface');
    const tee = mkpeer(source, 'inet', 'tee', 'left');
    mkpeer(tee, 'right', 'hole', 'x');
    const side = mkpeer(tee, 'left2right', 'hole', 'x');
    expect(ask(td, tee, { cmd: 'rmhook', hook: 'right' })).toBe(0);
    settle(td);
    send(td, source, 1);
    expect(frames(side, 'x')).toBe(1);
    expect(ask(td, tee, { cmd: 'rmhook', hook: 'left2right' })).toBe(0);
    settle(td);
    send(td, source, 2);
    expect(statistics(td).dropped).toBe(1);
    isIntact();
  });

  it('one2many sends to its links in turn, and what comes by them to "one"', () => {
    const source = make(td, 'iface');
    const spread = mkpeer(source, 'inet', 'one2many', 'one');
    const sinks = ['many0', 'many1', 'many2'].map((hook) => mkpeer(spread, hook, 'hole', 'x'));
    send(td, source, 1, 2, 3, 4);
    expect(sinks.map((sink) => frames(sink, 'x'))).toEqual([2, 1, 1]);
    expect(ask(td, spread, { cmd: 'rmhook', hook: 'many1' })).toBe(0);
    settle(td);
    send(td, source, 5, 6);
    expect(frames(sinks[0]!, 'x') + frames(sinks[2]!, 'x')).toBe(5);
    expect(ask(td, spread, { cmd: 'mkpeer', hook: 'many7', type: 'hole', peerhook: 'x' })).toBe(EINVAL);
    isIntact();
  });

  it('an echo sends back', () => {
    const source = make(td, 'iface');
    mkpeer(source, 'inet', 'echo', 'x');
    expect(send(td, source, 1)).toBe(0);
    // An interface takes what comes from its own outbound path through its queue.
    expect(statistics(td)).toMatchObject({ queued: 1, delivered: 0 });
    settle(td);
    expect(statistics(td).delivered).toBe(1);
    isIntact();
  });

  it('hooks that ask for it have their packets queued, in order, and the queue is served', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'queue', 'in');
    const sink = mkpeer(relay, 'out', 'hole', 'x');
    send(td, source, 1, 2, 3);
    expect(frames(sink, 'x')).toBe(0);
    settle(td);
    expect(ngh_stats(td, hookOf(td, sink, 'x'))).toEqual({ frames: 3, last: 3 });
    isIntact();
  });

  it('what is queued at a node that is shut down is dropped', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'queue', 'in');
    send(td, source, 1, 2);
    expect(ask(td, relay, { cmd: 'shutdown' })).toBe(0);
    settle(td);
    expect(statistics(td).delivered + statistics(td).dropped).toBe(2);
    isIntact();
  });

  it('a node that wants writers has each packet go through its gate', () => {
    const source = make(td, 'iface');
    const nat = mkpeer(source, 'inet', 'nat', 'in');
    const sink = mkpeer(nat, 'out', 'hole', 'x');
    send(td, source, 1, 2);
    expect(frames(sink, 'x')).toBe(2);
    isIntact();
  });

  it('a nat lets nothing pass until both its hooks are there', () => {
    const source = make(td, 'iface');
    const nat = mkpeer(source, 'inet', 'nat', 'in');
    send(td, source, 1);
    expect(statistics(td).dropped).toBe(1);
    const sink = mkpeer(nat, 'out', 'hole', 'x');
    expect(ask(td, nat, { cmd: 'configure', value: 1 })).toBe(0);
    send(td, source, 2);
    expect(frames(sink, 'x')).toBe(1);
    expect(ask(td, nat, { cmd: 'shutdown' })).toBe(0);
    isIntact();
    expect(statistics(td).live.private).toBe(1);
  });

  it('a firewall sends by the hook of a rule, and takes back what comes by its queue', () => {
    expect(filter(td, 1, 7)).toBe(false);
    const firewall = loadFirewall(td);
    expect([find(td, 'ipfw:'), loadFirewall(td)]).toEqual([firewall, -EEXIST]);
    const relay = make(td, 'patch');
    expect([connect(firewall, '1', relay, 'in'), connect(firewall, '01', relay, 'out')]).toEqual([0, EINVAL]);
    expect(connect(firewall, '20', relay, 'out')).toBe(0);
    expect([filter(td, 1, 7), filter(td, 3, 7)]).toEqual([true, false]);
    expect(statistics(td)).toMatchObject({ sent: 3, dropped: 2, delivered: 0, queued: 1 });
    settle(td);
    expect(statistics(td).delivered).toBe(1);
    expect(ask(td, firewall, { cmd: 'rmhook', hook: '20' })).toBe(0);
    expect(ask(td, firewall, { cmd: 'shutdown' })).toBe(0);
    expect(filter(td, 1, 7)).toBe(false);
    isIntact();
    expect(loadFirewall(td)).toBeGreaterThan(0);
  });

  it('an interface keeps its node when that is shut down, until it is detached', () => {
    const em0 = ether_ifattach(td, 'em0');
    const ether = nodeOf(td, em0);
    const [sink, protocols] = [make(td, 'hole'), make(td, 'hole')];
    expect([connect(ether, 'lower', sink, 'x'), connect(ether, 'wire', sink, 'y')]).toEqual([0, EINVAL]);
    expect([ether_input(td, em0, 1), ether_output(td, em0, 2)]).toEqual([true, false]);
    expect(frames(sink, 'x')).toBe(1);
    expect(connect(ether, 'upper', protocols, 'x')).toBe(0);
    expect(ether_output(td, em0, 2)).toBe(true);
    settle(td);
    expect(frames(protocols, 'x')).toBe(1);
    expect(ask(td, ether, { cmd: 'shutdown' })).toBe(0);
    settle(td);
    expect([find(td, 'em0:'), ether_input(td, em0, 3)]).toEqual([ether, false]);
    const source = make(td, 'iface');
    expect(connect(source, 'inet', ether, 'lower')).toBe(0);
    expect(send(td, source, 4)).toBe(0);
    expect(statistics(td).delivered).toBe(3);
    expect([ether_ifdetach(td, em0), statistics(td).live.ifnet]).toEqual([0, 1]);
    expect(ether_ifdetach(td, em0)).toBe(EINVAL);
    expect([nodeOf(td, em0), ether_input(td, em0, 5)]).toEqual([0, false]);
    settle(td);
    expect([find(td, 'em0:'), statistics(td).live.ifnet]).toEqual([-ENOENT, 0]);
    expect([ether_ifdetach(td, em0), nodeOf(td, em0), ether_output(td, em0, 6)]).toEqual([EINVAL, 0, false]);
    isIntact();
  });

  it('an interface that gets another name gives it to its node', () => {
    const [em0, em1] = [ether_ifattach(td, 'em0'), ether_ifattach(td, 'em1')];
    const ether = nodeOf(td, em0);
    expect([ether_rename(td, em0, 'wan'), find(td, 'wan:'), find(td, 'em0:')]).toEqual([0, ether, -ENOENT]);
    expect([ether_rename(td, em1, 'wan'), ether_rename(td, em1, '[1]'), ether_rename(td, 0, 'x')]).toEqual([
      EADDRINUSE,
      EINVAL,
      ENXIO,
    ]);
    expect([ether_rename(td, em1, 'em1.100'), find(td, 'em1_100:')]).toEqual([0, nodeOf(td, em1)]);
    expect([ether_ifattach(td, '[1]'), ether_ifattach(td, '')]).toEqual([-EINVAL, -EINVAL]);
    isIntact();
    expect(ether_ifdetach(td, em1)).toBe(0);
    expect(ether_rename(td, em1, 'lan')).toBe(ENXIO);
    settle(td);
    isIntact();
  });

  it('an ether says what its interface is called, also when that has got another name', () => {
    const em0 = ether_ifattach(td, 'em0.100');
    const ether = nodeOf(td, em0);
    expect([etherifname(td, ether), find(td, 'em0_100:')]).toEqual(['em0.100', ether]);
    expect([ether_rename(td, em0, 'wan'), etherifname(td, ether)]).toEqual([0, 'wan']);
    expect(etherifname(td, make(td, 'hole'))).toBe(EINVAL);
    isIntact();
  });

  it('an ether puts its interface into promiscuous mode until it is shut down', () => {
    const em0 = ether_ifattach(td, 'em0');
    const ether = nodeOf(td, em0);
    const wanted = () => Atomics.load(td.arena, at(em0, ifnet_.if_pcount));
    const turnOn = () => ask(td, ether, { cmd: 'configure', value: ETHER_PROMISC });
    expect([wanted(), turnOn(), turnOn(), wanted()]).toEqual([0, 0, 0, 1]);
    expect([ask(td, ether, { cmd: 'shutdown' }), wanted()]).toEqual([0, 0]);
    expect(ask(td, ether, { cmd: 'configure', value: 3 })).toBe(EINVAL);
    isIntact();
  });

  it('promiscuous mode ends when the node goes for good, and keeps the interface until then', () => {
    const em0 = ether_ifattach(td, 'em0');
    const wanted = () => Atomics.load(td.arena, at(em0, ifnet_.if_pcount));
    const ether = nodeOf(td, em0);
    expect(ask(td, ether, { cmd: 'configure', value: ETHER_PROMISC })).toBe(0);
    isIntact();
    expect([ask(td, ether, { cmd: 'configure', value: ETHER_DETACH }), wanted()]).toEqual([0, 1]);
    settle(td);
    expect(wanted()).toBe(0);
    isIntact();
    Atomics.store(td.arena, at(em0, ifnet_.if_pcount), 1);
    expect(checkArena(td)).toEqual(['if_pcount of ifnet 1 is 1, not 0']);
  });

  it('who is at "lower" is told of the link: a tee passes it on, a socket hands it up, a hole has no use for it', () => {
    const em0 = ether_ifattach(td, 'em0');
    const so = ngc_attach(td);
    const ether = nodeOf(td, em0);
    expect(ether_linkstate(td, em0, true)).toBe(0);
    mkpeer(ether, 'lower', 'hole', 'x');
    expect(ether_linkstate(td, em0, true)).toBe(0);
    expect(ask(td, ether, { cmd: 'rmhook', hook: 'lower' })).toBe(0);
    settle(td);
    const tee = mkpeer(ether, 'lower', 'tee', 'left');
    expect(ether_linkstate(td, em0, true)).toBe(0);
    expect(connect(nodeBehind(td, so), 'link', tee, 'right')).toBe(0);
    expect([ether_linkstate(td, em0, true), ether_linkstate(td, em0, false)]).toEqual([0, 0]);
    expect([ngc_recv(td, so), ngc_recv(td, so), ngc_recv(td, so)]).toEqual([[1], [0], null]);
    isIntact();
    expect([ether_ifdetach(td, em0), ether_linkstate(td, em0, false)]).toEqual([0, ENXIO]);
    settle(td);
    isIntact();
  });

  it('an ether that is told to leave its interface goes, and the interface has none', () => {
    const em0 = ether_ifattach(td, 'em0');
    expect(ask(td, nodeOf(td, em0), { cmd: 'configure', value: ETHER_DETACH })).toBe(0);
    settle(td);
    expect([nodeOf(td, em0), find(td, 'em0:'), ether_rename(td, em0, 'wan')]).toEqual([0, -ENOENT, ENXIO]);
    isIntact();
    expect(ether_ifdetach(td, em0)).toBe(0);
    settle(td);
    isIntact();
  });

  it('an interface that moves gets another node, if none is called so', () => {
    const em0 = ether_ifattach(td, 'em0');
    const before = nodeOf(td, em0);
    expect(ether_reassign(td, em0, 'far')).toBe(0);
    settle(td);
    const after = nodeOf(td, em0);
    expect([find(td, 'em0:'), find(td, 'far:'), etherifname(td, after)]).toEqual([-ENOENT, after, 'em0']);
    expect([after === before, ether_input(td, em0, 1)]).toEqual([false, false]);
    isIntact();
    const em1 = ether_ifattach(td, 'em1');
    expect([ether_reassign(td, em1, 'far'), nodeOf(td, em1)]).toEqual([EADDRINUSE, 0]);
    expect([ether_ifdetach(td, em1), ether_reassign(td, em1, 'x'), ether_reassign(td, em0, '')]).toEqual([
      0,
      ENXIO,
      EINVAL,
    ]);
    settle(td);
    isIntact();
  });

  it('an interface that is lost, or freed too early, or counted wrongly is told', () => {
    const em0 = ether_ifattach(td, 'em0');
    Atomics.store(td.arena, at(em0, ifindex_.ifp), 0);
    Atomics.store(td.arena, at(em0, ifnet_.if_refcount), 2);
    Atomics.store(td.arena, at(em0 + 1, ifindex_.ifp), em0 + 1);
    expect(checkArena(td)).toEqual([
      'ifnet 1 is used, but cannot be found',
      'ifnet 2 can be found, but is freed',
      'if_refcount of ifnet 1 is 2, not 1',
    ]);
  });

  it('an interface and a node of which one does not lead to the other are told', () => {
    const [em0, em1] = [ether_ifattach(td, 'em0'), ether_ifattach(td, 'em1')];
    Atomics.store(td.arena, at(em0, ifnet_.if_l2com), nodeOf(td, em1));
    const [node0, node1] = [find(td, 'em0:'), find(td, 'em1:')].map(slotOf);
    expect(checkArena(td)).toEqual([
      `node ${node0} has ifnet 1, which does not lead to it`,
      `ifnet 1 leads to node ${node1}, which does not have it`,
    ]);
  });

  it('a source sends copies of a packet, one at each tick, until it has sent as many as it was told', () => {
    const feed = make(td, 'iface');
    const source = mkpeer(feed, 'inet', 'source', 'input');
    expect(ask(td, source, { cmd: 'configure', value: 2 })).toBe(ENXIO);
    const sink = mkpeer(source, 'output', 'hole', 'x');
    send(td, feed, 7);
    settle(td);
    expect([ask(td, source, { cmd: 'configure', value: 2 }), ask(td, source, { cmd: 'configure', value: 2 })]).toEqual([
      0,
      EBUSY,
    ]);
    expect([softclock(td), softclock(td), softclock(td)]).toEqual([true, true, false]);
    expect(ngh_stats(td, hookOf(td, sink, 'x'))).toEqual({ frames: 2, last: 7 });
    expect(sourcestats(td, source)).toEqual({ packets: 0, errors: 0 });
    isIntact();
  });

  it('a source that is shut down takes its callout off the wheel, and one in the middle of it too', () => {
    const sources = [1, 2, 3].map(() => {
      const source = make(td, 'source');
      mkpeer(source, 'output', 'hole', 'x');
      expect(ask(td, source, { cmd: 'configure', value: 1 })).toBe(0);
      return source;
    });
    expect(ask(td, sources[1]!, { cmd: 'shutdown' })).toBe(0);
    // Without a packet to copy the other two go on ticking.
    expect([softclock(td), softclock(td), softclock(td)]).toEqual([true, true, true]);
    expect(sourcestats(td, sources[2]!)).toEqual({ packets: 1, errors: 0 });
    for (const source of [sources[2]!, sources[0]!]) expect(ask(td, source, { cmd: 'shutdown' })).toBe(0);
    expect(softclock(td)).toBe(false);
    isIntact();
    expect(sourcestats(td, sources[1]!)).toBe(ENXIO);
  });

  it('a program asks by a control socket, and its node goes when that is closed', () => {
    const so = ngc_attach(td);
    const node = nodeBehind(td, so);
    expect(make(td, 'socket')).toBe(-EINVAL);
    expect(ngc_send(td, so, '.:', { cmd: 'mkpeer', hook: 'a', type: 'hub', peerhook: 'b' })).toBe(0);
    expect(ngc_send(td, so, 'a', { cmd: 'name', name: 'hub' })).toBe(0);
    expect(ngc_send(td, so, 'nobody:', { cmd: 'shutdown' })).toBe(ENOENT);
    expect(['hub', 'a.b', '[1]', 'process'].map((name) => ngc_bind(td, so, name))).toEqual([
      EADDRINUSE,
      EINVAL,
      EINVAL,
      0,
    ]);
    expect(find(td, 'process:')).toBe(node);
    expect(post(td, 'hub:', { cmd: 'nodeinfo' }, node)).toBe(0);
    expect(ngc_recv(td, so)).toBeNull();
    settle(td);
    expect([ngc_recv(td, so)!.slice(2), ngc_recv(td, so)]).toEqual([[idOf(td, find(td, 'hub:')), 1], null]);
    expect(post(td, 'hub:', { cmd: 'nodeinfo' }, node)).toBe(0);
    settle(td);
    isIntact();
    close(td, so);
    isIntact();
    expect(statistics(td).live).toMatchObject({ node: 0, socket: 0, ngpcb: 0, ngsock: 0, mesg: 0 });
  });

  it('a program sends and gets packets by a data socket, until the node has gone', () => {
    const control = ngc_attach(td);
    const data = ngd_attach(td);
    expect(ngd_connect(td, data, pathTo(nodeBehind(td, control)))).toBe(0);
    const sink = mkpeer(nodeBehind(td, control), 'a', 'hole', 'x');
    expect([ngd_send(td, data, '', 5), ngd_send(td, data, 'a', 6), ngd_send(td, data, 'b', 7)]).toEqual([0, 0, EIO]);
    expect(ngh_stats(td, hookOf(td, sink, 'x'))).toEqual({ frames: 2, last: 6 });
    const source = make(td, 'iface');
    expect(connect(nodeBehind(td, control), 'b', source, 'inet')).toBe(0);
    expect([ngd_send(td, data, '', 8), ngd_send(td, data, 'a', 9)]).toEqual([EIO, 0]);
    send(td, source, 10);
    expect(ngd_stats(td, data)).toEqual({ packets: 1, last: 10 });
    expect(ask(td, nodeBehind(td, control), { cmd: 'configure', value: 1 })).toBe(0);
    expect(ask(td, nodeBehind(td, control), { cmd: 'shutdown' })).toBe(0);
    settle(td);
    expect([ngd_send(td, data, 'a', 11), ngc_send(td, control, '.:', { cmd: 'shutdown' })]).toEqual([EPIPE, EPIPE]);
    expect(ngc_bind(td, control, 'process')).toBe(ECONNRESET);
    expect([nodeBehind(td, control), nodeBehind(td, data)]).toEqual([0, 0]);
    close(td, data);
    close(td, control);
    isIntact();
    expect(statistics(td).live).toMatchObject({ node: 1, socket: 0, ngpcb: 0, ngsock: 0 });
  });

  it('a node has one data socket, which a program connects to it by a path, and another one when that is closed', () => {
    const control = ngc_attach(td);
    const node = nodeBehind(td, control);
    const sink = mkpeer(node, 'a', 'hole', 'x');
    const [one, other] = [ngd_attach(td), ngd_attach(td)];
    expect([ngd_send(td, one, 'a', 1), ngd_connect(td, one, `${pathTo(sink)}x`)]).toEqual([ENOTCONN, 0]);
    expect([pathTo(node), pathTo(sink)].map((path) => ngd_connect(td, one, path))).toEqual([EISCONN, EISCONN]);
    expect(
      [pathTo(node), pathTo(sink), `${pathTo(node)}b`, '[ff]:', ''].map((path) => ngd_connect(td, other, path)),
    ).toEqual([EADDRINUSE, EINVAL, ENOENT, ENOENT, EINVAL]);
    expect([ngd_send(td, one, 'a', 2), ngd_send(td, other, 'a', 3)]).toEqual([0, ENOTCONN]);
    isIntact();
    close(td, one);
    expect(ngd_connect(td, other, pathTo(node))).toBe(0);
    close(td, control);
    isIntact();
    expect([nodeBehind(td, other), ngd_send(td, other, 'a', 4)]).toEqual([node, 0]);
    close(td, other);
    isIntact();
    expect(statistics(td).live).toMatchObject({ node: 0, socket: 0, ngpcb: 0, ngsock: 0, dataitem: 0 });
  });

  it('a socket that its node does not know, or that is counted wrongly, is told', () => {
    const control = ngc_attach(td);
    const data = ngd_attach(td);
    const pcbp = Atomics.load(td.arena, at(data, socket_.so_pcb));
    const priv = Atomics.load(td.arena, at(Atomics.load(td.arena, at(control, socket_.so_pcb)), ngpcb_.sockdata));
    Atomics.store(td.arena, at(pcbp, ngpcb_.sockdata), priv);
    expect(checkArena(td)).toEqual(['ngsock 1 does not know ngpcb 2', 'refs of ngsock 1 is 2, not 3']);
    Atomics.store(td.arena, at(priv, ngsock_.datasock), pcbp);
    expect(checkArena(td)).toEqual(['refs of ngsock 1 is 2, not 3']);
    Atomics.store(td.arena, at(pcbp, ngpcb_.sockdata), 0);
    Atomics.store(td.arena, at(priv, ngsock_.datasock), pcbp);
    expect(checkArena(td)).toEqual(['ngsock 1 still knows ngpcb 2']);
  });

  it('the network stack goes with all its nodes, and can be used again', () => {
    const [one, other] = [make(td, 'iface'), make(td, 'iface')];
    expect(connect(one, 'inet', other, 'inet')).toBe(0);
    ask(td, other, { cmd: 'name', name: 'other' });
    vnet_netgraph_uninit(td);
    expect([find(td, 'other:'), find(td, '[1]:')]).toEqual([-ENOENT, -ENOENT]);
    isIntact();
    expect(statistics(td).live.node).toBe(0);
    expect(find(td, `[${idOf(td, make(td, 'hub')).toString(16)}]:`)).toBeGreaterThan(0);
    isIntact();
  });

  it('two relays that send to each other for ever do not run out of stack', () => {
    const source = make(td, 'iface');
    const hub = mkpeer(source, 'inet', 'hub', 'a');
    const echo = mkpeer(hub, 'b', 'echo', 'x');
    expect(send(td, source, 1)).toBe(0);
    expect(ask(td, echo, { cmd: 'shutdown' })).toBe(0);
    expect(ask(td, hub, { cmd: 'shutdown' })).toBe(0);
    isIntact();
  });

  it('a name is found, belongs to one node, and is free again when that has gone', () => {
    const one = make(td, 'hub');
    const other = make(td, 'hub');
    expect(ask(td, one, { cmd: 'name', name: 'switch' })).toBe(0);
    expect(ask(td, one, { cmd: 'name', name: 'switch' })).toBe(0);
    expect(ask(td, other, { cmd: 'name', name: 'switch' })).toBe(EADDRINUSE);
    expect(find(td, 'switch')).toBe(one);
    expect(ask(td, one, { cmd: 'name', name: 'bridge' })).toBe(0);
    expect(find(td, 'switch')).toBe(-ENOENT);
    expect(ask(td, one, { cmd: 'shutdown' })).toBe(0);
    expect(ask(td, other, { cmd: 'name', name: 'bridge' })).toBe(0);
    expect(find(td, 'bridge:')).toBe(other);
    isIntact();
  });

  it('a node tells what it is, and what it is linked to', () => {
    const source = make(td, 'iface');
    const hub = mkpeer(source, 'inet', 'hub', 'a');
    const sink = mkpeer(hub, 'b', 'hole', 'x');
    ask(td, hub, { cmd: 'name', name: 'switch' });
    const lineOf = (node: Pointer, name: string, type: TypeName, hooks: number) => ({
      name,
      type,
      ID: idOf(td, node),
      hooks,
    });
    expect(nodeinfo(td, 'switch:')).toEqual(lineOf(hub, 'switch', 'hub', 2));
    expect(listhooks(td, hub)).toEqual({
      node: lineOf(hub, 'switch', 'hub', 2),
      links: [
        { ourhook: 'b', peerhook: 'x', node: lineOf(sink, '', 'hole', 1) },
        { ourhook: 'a', peerhook: 'inet', node: lineOf(source, '', 'iface', 1) },
      ],
    });
    const told = listnodes(td, sink) as readonly NodeLine[];
    expect(told.map(({ ID }) => ID).toSorted()).toEqual([source, hub, sink].map((node) => idOf(td, node)).toSorted());
    const invalid = at(hookOf(td, hub, 'b'), hook_.hk_flags);
    Atomics.or(td.arena, invalid, HK_INVALID);
    expect(listhooks(td, hub)).toMatchObject({ node: { hooks: 1 }, links: [{ ourhook: 'a' }] });
    Atomics.and(td.arena, invalid, ~HK_INVALID);
    expect(listnames(td, sink)).toEqual([lineOf(hub, 'switch', 'hub', 2)]);
    expect(teestats(td, hub)).toBe(EINVAL);
    isIntact();
  });

  it('each type is told with how many nodes are of it, and none has more than there are', () => {
    const hub = make(td, 'hub');
    const nodesOf = () =>
      Object.fromEntries((listtypes(td, hub) as readonly TypeLine[]).map(({ type, nodes }) => [type, nodes]));
    const sinks = ['a', 'b'].map((hook) => mkpeer(hub, hook, 'hole', 'x'));
    expect(Object.keys(nodesOf()).toSorted()).toEqual(typeNames.filter((name) => name !== 'dead').toSorted());
    expect(nodesOf()).toMatchObject({ hub: 1, hole: 2, tee: 0 });
    ask(td, sinks[0]!, { cmd: 'shutdown' });
    settle(td);
    expect(nodesOf()).toMatchObject({ hub: 1, hole: 1 });
    isIntact();
    Atomics.add(td.arena, at(typeNames.indexOf('tee'), type_.refs), 1);
    expect(checkArena(td)).toEqual(['tee has 0 nodes, not 1']);
  });

  it('a text is refused by types that have none, and handed up by a socket', () => {
    const so = ngc_attach(td);
    const tee = mkpeer(nodeBehind(td, so), 'a', 'tee', 'left');
    expect([ask(td, tee, { cmd: 'textstatus' }), ngc_send(td, so, 'a', { cmd: 'textconfig' })]).toEqual([
      EINVAL,
      EINVAL,
    ]);
    expect(ngc_recv(td, so)).toBeNull();
    expect(post(td, nodeBehind(td, so), { cmd: 'textstatus' })).toBe(0);
    expect([ngc_recv(td, so), ngc_recv(td, so)]).toEqual([[], null]);
    const head = Atomics.exchange(td.arena, globals.free_mesg, 0);
    expect(ask(td, nodeBehind(td, so), { cmd: 'textconfig' })).toBe(ENOMEM);
    Atomics.store(td.arena, globals.free_mesg, head);
    isIntact();
  });

  it('a long answer goes over many records, and one that has no room is ENOMEM', () => {
    const hub = make(td, 'hub');
    for (let i = 0; i < 12; i++) mkpeer(hub, `h${i}`, 'hole', 'x');
    const told = listhooks(td, hub) as { readonly links: readonly LinkLine[] };
    expect(told.links.map(({ ourhook }) => ourhook)).toEqual(Array.from({ length: 12 }, (_, i) => `h${11 - i}`));
    const head = Atomics.exchange(td.arena, globals.free_mesg, 0);
    expect(listhooks(td, hub)).toBe(ENOMEM);
    Atomics.store(td.arena, globals.free_mesg, head);
    isIntact();
  });

  it('a tee tells what it has counted', () => {
    const source = make(td, 'iface');
    const tee = mkpeer(source, 'inet', 'tee', 'left');
    mkpeer(tee, 'right', 'hole', 'x');
    mkpeer(tee, 'left2right', 'hole', 'x');
    send(td, source, 1, 2);
    expect(teestats(td, tee)).toEqual([2, 2, 0, 2]);
    isIntact();
  });

  it('an answer that nobody waits for goes to the node that it is for, by its queue, and else nowhere', () => {
    const hub = make(td, 'hub');
    const other = make(td, 'hub');
    expect(post(td, hub, { cmd: 'nodeinfo' })).toBe(EINVAL);
    expect(post(td, hub, { cmd: 'nodeinfo' }, other)).toBe(0);
    expect(used(td, 'mesg')).toHaveLength(1);
    settle(td);
    expect(ask(td, other, { cmd: 'shutdown' })).toBe(0);
    expect(post(td, hub, { cmd: 'nodeinfo' }, other)).toBe(ENXIO);
    isIntact();
  });

  it('the hash tables grow with the number of nodes, and all are found', () => {
    const nodes = Array.from({ length: 300 }, () => make(td, 'hub'));
    for (const [i, node] of nodes.entries()) expect(ask(td, node, { cmd: 'name', name: `n${i}` })).toBe(0);
    const masks = [idHash, nameHash].map(({ hmask }) => Atomics.load(td.arena, hmask));
    expect(masks).toEqual([1023, 1023]);
    for (const [i, node] of nodes.entries())
      expect([find(td, `n${i}:`), find(td, `[${idOf(td, node).toString(16)}]:`)]).toEqual([node, node]);
    for (const node of nodes) expect(ask(td, node, { cmd: 'shutdown' })).toBe(0);
    isIntact();
    expect(statistics(td).live.node).toBe(0);
  });

  it('paths lead over links', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'patch', 'in');
    const sink = mkpeer(relay, 'out', 'hole', 'x');
    ask(td, source, { cmd: 'name', name: 'wan' });
    expect(find(td, 'wan:inet.out')).toBe(sink);
    expect(find(td, 'wan:inet.out.x.in')).toBe(source);
    expect(find(td, 'wan:inet.x')).toBe(-ENOENT);
    expect(find(td, 'wan:nobody.ever')).toBe(-ENOENT);
    expect(find(td, '[ffff]:')).toBe(-ENOENT);
    expect(find(td, '.:inet')).toBe(-EINVAL);
    expect(find(td, 'a:b:c')).toBe(-EINVAL);
    expect(find(td, 'wan:a..b')).toBe(-EINVAL);
    isIntact();
  });

  it('a link that cannot be made leaves nothing behind', () => {
    const source = make(td, 'iface');
    const relay = mkpeer(source, 'inet', 'patch', 'in');
    const hub = make(td, 'hub');
    mkpeer(hub, 'kept', 'hole', 'x');
    const before = statistics(td).live;
    expect(connect(hub, 'a', relay, 'in')).toBe(EEXIST);
    expect(connect(hub, 'a', relay, 'sideways')).toBe(EINVAL);
    expect(ask(td, source, { cmd: 'mkpeer', hook: 'inet', type: 'hub', peerhook: 'a' })).toBe(EEXIST);
    expect(ask(td, source, { cmd: 'mkpeer', hook: 'other', type: 'hub', peerhook: 'a' })).toBe(EINVAL);
    expect(ask(td, hub, { cmd: 'mkpeer', hook: 'a', type: 'patch', peerhook: 'sideways' })).toBe(EINVAL);
    expect(ask(td, hub, { cmd: 'connect', hook: 'a', path: 'nobody:', peerhook: 'b' })).toBe(ENOENT);
    isIntact();
    expect(statistics(td).live.private).toBe(before.private);
  });

  it('a node that has gone is refused, and so is what never was one', () => {
    const hub = make(td, 'hub');
    expect(ask(td, hub, { cmd: 'shutdown' })).toBe(0);
    settle(td);
    const next = make(td, 'iface');
    expect(next & 0x1fff).toBe(hub & 0x1fff);
    for (const gone of [hub, 0, 1, -5, 8191]) {
      expect(ask(td, gone, { cmd: 'shutdown' })).toBe(ENXIO);
      expect(post(td, gone, { cmd: 'shutdown' })).toBe(ENXIO);
      expect(send(td, gone, 1)).toBe(ENXIO);
      expect(idOf(td, gone)).toBe(-ENXIO);
      expect(hookOf(td, gone, 'a')).toBe(-ENXIO);
    }
    expect(send(td, make(td, 'hub'), 1)).toBe(EINVAL);
    expect(make(td, 'dead' as TypeName)).toBe(-EINVAL);
    isIntact();
  });

  it('names that cannot be are refused', () => {
    const hub = make(td, 'hub');
    for (const name of ['', 'a.b', 'a:', '[1f]', 'x'.repeat(32), 'a b', 'Ω'])
      expect(ask(td, hub, { cmd: 'name', name })).toBe(EINVAL);
    isIntact();
  });

  it('a thread has its number alone', () => {
    expect(attach(td.arena, 0)).toBe(EBUSY);
    expect(attach(td.arena, 32)).toBe(EINVAL);
    expect(attach(new Int32Array(8), 1)).toBe(EINVAL);
    expect((attach(td.arena, 1) as Td).lockfree).toBe(design === 'lockfree');
    expect(() => create(design, new SharedArrayBuffer(64))).toThrow(RangeError);
  });
});
