import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import {
  ask, attach, create, make, NET_EPOCH_ENTER, NET_EPOCH_EXIT, send, statistics, type Design, type Td,
} from '../../src/netgraph/index.ts'; // prettier-ignore
import { work, type Assignment } from '../netgraph/crew.ts';

/**
 * `npm run bench:netgraph`: what `lockfree` and `rwlock` of src/netgraph cost, measured in turns in one run, and written to NETGRAPH.md with a
 * chart beside it. `--seconds S` for how long each measurement lasts, `--rounds R` for how many of them the median is of.
 */
const argument = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const seconds = argument('seconds', 1);
const rounds = argument('rounds', 3);
const designs: readonly Design[] = ['lockfree', 'rwlock'];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const thousands = (value: number): string => (value / 1000).toFixed(0);
const micro = (nanoseconds: number): string => (nanoseconds / 1000).toFixed(1);

type Row = {
  readonly perSecond: number;
  readonly worst: number;
  readonly p9999: number;
  readonly rebuilt: number;
  readonly deferred: number;
};

/** One sender and, where asked for, one who restructures; the median of each figure over the rounds. */
const measure = async (design: Design, assignments: readonly Assignment[]): Promise<Row> => {
  const { done, td } = await work(design, seconds * 1000, assignments, 'one2many');
  const senders = done.filter((_, i) => assignments[i]!.does === 'send');
  const others = done.filter((_, i) => assignments[i]!.does === 'restructure');
  return {
    perSecond: senders.reduce((sum, { count, seconds: s }) => sum + count / s, 0),
    worst: Math.max(...senders.map(({ worst }) => worst)),
    p9999: Math.max(...senders.map(({ p9999 }) => p9999)),
    rebuilt: others.reduce((sum, { count, seconds: s }) => sum + count / s, 0),
    deferred: statistics(td).mostDeferred,
  };
};

const inTurns = async (assignments: readonly Assignment[]): Promise<Record<Design, Row>> => {
  const rows: Record<Design, Row[]> = { lockfree: [], rwlock: [] };
  for (let round = 0; round < rounds; round++)
    for (const design of designs) rows[design].push(await measure(design, assignments));
  const medians = (of: readonly Row[]): Row => ({
    perSecond: median(of.map(({ perSecond }) => perSecond)),
    worst: median(of.map(({ worst }) => worst)),
    p9999: median(of.map(({ p9999 }) => p9999)),
    rebuilt: median(of.map(({ rebuilt }) => rebuilt)),
    deferred: median(of.map(({ deferred }) => deferred)),
  });
  return { lockfree: medians(rows.lockfree), rwlock: medians(rows.rwlock) };
};

/** What the machine itself takes away: the 99.99th percentile of a worker that does nothing for as long as a send takes, over and over, beside one that restructures. */
const floorOf = async (): Promise<number> => {
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { done } = await work(
      'lockfree',
      seconds * 1000,
      [{ does: 'nothing' }, { does: 'restructure', rate: 0 }],
      'one2many',
    );
    floors.push(done[0]!.p9999);
  }
  return median(floors);
};

/** Nanoseconds of one call, the best of five. */
const timed = (call: () => void, times = 200_000): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const before = performance.now();
      for (let i = 0; i < times; i++) call();
      return ((performance.now() - before) * 1e6) / times;
    }),
  );

/** A send over one link into a sink by one thread that is alone, a section, and a call of a function. */
const single = (design: Design): { readonly send: number; readonly section: number; readonly call: number } => {
  const td = attach(create(design), 0) as Td;
  const source = make(td, 'iface');
  ask(td, source, { cmd: 'mkpeer', hook: 'inet', type: 'hole', peerhook: 'x' });
  const word = new Int32Array(1);
  const call = (m: number): void => {
    word[0] = word[0]! + m;
  };
  return {
    send: timed(() => void send(td, source, 1)),
    section: timed(() => {
      NET_EPOCH_ENTER(td);
      NET_EPOCH_EXIT(td);
    }),
    call: timed(() => call(1)),
  };
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const rates = [null, 1, 100, 10_000, 0] as const;
const rateName = (rate: number | null): string => (rate === null ? '0' : rate === 0 ? 'as many as can be' : `${rate}`);
const disturbed: (readonly [string, Record<Design, Row>])[] = [];
for (const rate of rates) {
  const assignments: Assignment[] = [
    { does: 'send' },
    ...(rate === null ? [] : [{ does: 'restructure' as const, rate }]),
  ];
  disturbed.push([rateName(rate), await inTurns(assignments)]);
}
const floor = await floorOf();
const crowds: (readonly [number, Record<Design, Row>])[] = [];
for (const senders of [1, 2, 3, 4])
  crowds.push([senders, await inTurns(Array.from({ length: senders }, () => ({ does: 'send' as const })))]);
const alone = Object.fromEntries(designs.map((design) => [design, single(design)])) as Record<
  Design,
  ReturnType<typeof single>
>;

/** Bars: thousands of sends a second by how much is restructured. */
const chart = (): string => {
  const most = Math.max(...disturbed.flatMap(([, row]) => designs.map((design) => row[design].perSecond)));
  const bars = disturbed.flatMap(([name, row], i) => [
    `<text x="100" y="${50 + i * 50}" text-anchor="end">${name}</text>`,
    ...designs.map((design, j) => {
      const width = (row[design].perSecond / most) * 380;
      const y = 32 + i * 50 + j * 18;
      return `<rect x="108" y="${y}" width="${width.toFixed(1)}" height="15" fill="${j === 0 ? '#2a7' : '#c64'}"/><text x="${114 + width}" y="${y + 12}">${design} ${thousands(row[design].perSecond)} k</text>`;
    }),
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 ${60 + disturbed.length * 50}" font-family="sans-serif" font-size="12"><text x="8" y="18">sends a second, by restructurings a second</text>${bars.join('')}</svg>\n`;
};

const { lockfree: calm } = disturbed[0]![1];
const full = disturbed.at(-1)![1];
const share = (full.lockfree.perSecond / calm.perSecond) * 100;
const ratio = full.rwlock.p9999 / full.lockfree.p9999;
const text = `# What \`src/netgraph\` costs

Made by \`npm run bench:netgraph\`, ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]!.model.trim()}, ${cpus().length} CPUs, Node ${process.version}, load average at
the end ${loadavg()[0]!.toFixed(1)}. Each figure is the median of ${rounds} runs of ${seconds} s, the two designs in turns. A send goes from an \`iface\` over a one2many into a sink
(two hops), in a worker of its own; a restructuring makes a hub with a sink, links it to that one2many, names it, and shuts the one before down.
What a send waits is measured around each, so it contains whatever took the CPU away.

Where the load average is not well below the number of CPUs, other programs had a share of these figures, and the waits say more of the scheduler than of either design.

## While another worker restructures

${table(
  ['restructurings a second, wanted', 'design', 'done', 'k sends/s', 'worst µs', '99.99 % µs', 'most deferred'],
  disturbed.flatMap(([name, row]) =>
    designs.map((design) => {
      const { rebuilt, perSecond, worst, p9999, deferred } = row[design];
      return [name, design, rebuilt.toFixed(0), thousands(perSecond), micro(worst), micro(p9999), `${deferred}`];
    }),
  ),
)}

![sends a second](NETGRAPH.svg)

At full speed \`lockfree\` has ${share.toFixed(0)} % of its undisturbed throughput (wanted: 80 %), and the 99.99th percentile of \`rwlock\` is ${ratio.toFixed(1)} times that of \`lockfree\` (wanted: 10).
A worker that does nothing for as long as a send takes, over and over, beside one that restructures \`lockfree\` as often as it can, has one of ${micro(floor)} µs: so much the machine takes away from each design.
While the links of the one2many change its packets are dropped or go on, and both count as sends.

## Workers that send through the same one2many

${table(
  ['workers', 'design', 'k sends/s, all together', '99.99 % µs'],
  crowds.flatMap(([n, row]) =>
    designs.map((design) => [`${n}`, design, thousands(row[design].perSecond), micro(row[design].p9999)]),
  ),
)}

Beyond the number of CPUs the workers share them. What all of them write to is the counters of the sink, one cache line for each hook.

## One thread alone, over one link

${table(
  ['design', 'ns a send', 'ns a section', 'ns a call of a function'],
  designs.map((design) => [
    design,
    alone[design].send.toFixed(0),
    alone[design].section.toFixed(0),
    alone[design].call.toFixed(1),
  ]),
)}
`;
writeFileSync(join(import.meta.dirname, 'NETGRAPH.svg'), chart());
writeFileSync(join(import.meta.dirname, 'NETGRAPH.md'), text);
process.stdout.write(text);
