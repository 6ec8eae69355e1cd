import type { Scenario } from '../../spec/scenario.ts';
import { ng } from '../../spec/globals.ts';
import { bucket, type NodeHash } from '../../spec/hash.ts';
import { type Hook, ng_deadhook as deadhook } from '../../spec/hook.ts';
import { NGM_ETHER_GET_IFNAME, NGM_TEE_GET_STATS } from '../../spec/mesg.ts';
import { NGF_INVALID, type Node } from '../../spec/node.ts';
import { unnumbered } from '../explore/automata/label.ts';
import type { Shared } from '../machine/record.ts';
import type { World } from '../machine/world.ts';
import { at, mesg_, mesgWord, MESG_WORDS, node_, placeOf, POISON, typeNames, type Place, type Pointer } from '../netgraph/index.ts'; // prettier-ignore
import type { Graph } from './graph.ts';
import type { Names } from './names.ts';
import type { Answers, Draft, See } from './subject.ts';

/**
 * What answers say. The specification does not keep what its listings write; but each number of an answer is a constant, or what a step of a listing has
 * loaded, so the answer that the model would give is made of its steps, number by number. To list a table is one step there, while the library
 * loads what it tells of a node later, and node by node: so the step says which nodes must be looked at, and what is told of each is what the model had there
 * when the library has loaded it. Under the lock of the table the nodes stay the same, and what is loaded of them is told to nobody else.
 *
 * A draft: what is asked, and then the numbers of the answer so far as the library has them; of a table, for each node its ID, its type, flags, name
 * and number of hooks. Behind that stands `GIVEN` from when the model has given the answer until the library has: if the model begins another one before, it
 * was lost. Of the types nothing is known, nor of an answer to a question of a type's own (what a tee counts, what an interface is called), for the model's counters do not count, and its interfaces have no names: only
 * that it is given.
 */
const [INFO, HOOKS, TABLE] = [1, 2, 3] as const;
/** What was not looked at. No number of an answer is it. */
const UNSEEN = -1;
/** Nor these. */
const GIVEN = -2;
const LOST: Draft = [-3, GIVEN];
/** Numbers of an answer for a node, and for a link. */
const OF_NODE = 4;
const OF_LINK = 2 + OF_NODE;
/** Numbers of a draft for a node of a table. */
const ROOM = 5;

const questions = new Set(['nodeinfo', 'listhooks', 'listnodes', 'listnames', 'listtypes']);

/** Whether somebody is asked, so that answers are compared. */
export const asksFor = ({ cpus }: Scenario): boolean =>
  cpus.some(({ run }) =>
    run.some((operation) =>
      'configure' in operation
        ? [NGM_ETHER_GET_IFNAME, NGM_TEE_GET_STATS].includes(operation.configure.command)
        : Object.keys(operation).some((command) => questions.has(command)),
    ),
  );

export const listings = (world: World, graph: Graph, names: Names): Answers => {
  const { numberOf } = names;
  /** The specification gives the nodes of interfaces and of the firewall no names. */
  const nameOf = (node: Node, see: See): number => {
    const name = numberOf(see(node, 'nd_name'));
    const p = name === 0 ? (graph.pointers.get(node) ?? 0) : 0;
    return p === 0 ? name : graph.arena[at(p, node_.nd_name)]!;
  };
  const typeOf = (node: Node, see: See): number => {
    const type = see(node, 'nd_type') as Shared;
    return typeNames.indexOf(world.initial(type, type.type.byName.get('name')!) as 'hub');
  };
  const hookName = (hook: Hook, see: See): number => (hook === deadhook ? 0 : numberOf(see(hook, 'hk_name')));
  const nodeOf = (node: Node, see: See): readonly number[] => [
    nameOf(node, see),
    typeOf(node, see),
    see(node, 'nd_ID') as number,
  ];
  const peerOf = (hook: Hook, see: See): readonly number[] => [
    hookName(hook, see),
    hookName(see(hook, 'hk_peer') as Hook, see),
  ];
  const tableOf = (see: See, which: 'ID' | 'name'): Draft => [
    TABLE,
    ...chained(see, which).flatMap((node) => [
      see(node, 'nd_ID') as number,
      typeOf(node, see),
      see(node, 'nd_flags') as number,
      UNSEEN,
      UNSEEN,
    ]),
  ];

  /** By step of the specification, what it adds to a draft. A name is loaded to see whether there is one, and once more to be copied. */
  const steps: Readonly<Record<string, (draft: Draft, record: Shared, see: See) => Draft>> = {
    'nodeInfo: load nd_name': (_, node, see) => [INFO, ...nodeOf(node as Node, see)],
    'nodeInfo: load nd_numhooks': (draft, node, see) => [...draft, see(node, 'nd_numhooks') as number],
    'listHooks: load nd_name': (_, node, see) => [HOOKS, ...nodeOf(node as Node, see), 0],
    'listPeerOnce: load hk_peer': (draft, hook, see) => [...draft, ...peerOf(hook as Hook, see)],
    'listPeerOnce: load nd_name': (draft, node, see) => [...withoutNode(draft), ...nodeOf(node as Node, see)],
    'listPeerOnce: load nd_numhooks': (draft, node, see) =>
      [...draft, see(node, 'nd_numhooks') as number].with(OF_NODE, draft[OF_NODE]! + 1),
    'listNodes: rw_rlock ng_idhash_lock': (_, _ng, see) => tableOf(see, 'ID'),
    'listNames: rw_rlock ng_namehash_lock': (_, _ng, see) => tableOf(see, 'name'),
    'respond: store msg': (draft) => [...draft, GIVEN],
  };

  /** What is told of a node of a table, and where it is in the draft. */
  const looks: Readonly<Record<string, (node: Node, see: See) => readonly [place: number, number]>> = {
    'load nd_flags': (node, see) => [2, see(node, 'nd_flags') as number],
    'load nd_name': (node, see) => [3, nameOf(node, see)],
    'load nd_numhooks': (node, see) => [4, see(node, 'nd_numhooks') as number],
  };
  return {
    isNoted: (step) => steps[unnumbered(step)] !== undefined,
    noted: (draft, step, record, see) => (draft.at(-1) === GIVEN ? LOST : steps[unnumbered(step)]!(draft, record, see)),
    looked: (draft, does, record, see) => {
      if (draft[0] !== TABLE || looks[does] === undefined) return draft;
      const node = record as Node;
      const ID = see(node, 'nd_ID');
      const i = draft.findIndex((one, index) => index % ROOM === 1 && one === ID);
      if (i < 0) return draft;
      const [place, number] = looks[does](node, see);
      return draft.with(i + place, number);
    },
    handedOver: ({ kind, address, operand }, { words }) => {
      if (kind !== 'store' || operand === 0 || operand === POISON || !isOfAnswer(placeOf(address))) return null;
      const numbers = numbersIn(words, operand);
      // What a socket hands up of a text is a message without any, and no answer.
      return numbers.length === 0 ? null : numbers;
    },
    differs: (draft, said) => {
      if (draft.at(-1) !== GIVEN) return { told: String(said), wanted: 'none yet' };
      if (draft === LOST) return { told: String(said), wanted: 'one that comes before' };
      const [asked, ...given] = draft.slice(0, -1);
      if (asked === undefined) return null;
      const told = toldBy(asked, said);
      const wanted = asked === TABLE ? listed(given) : given;
      const text = asked === TABLE ? tableText : linksText;
      return String(told) === String(wanted) ? null : { told: text(names, told), wanted: text(names, wanted) };
    },
  };
};

/** The draft without the name, type and ID of the last link's node, where it has them. */
const withoutNode = (draft: Draft): Draft =>
  (draft.length - 1 - OF_NODE) % OF_LINK === OF_LINK - 1 ? draft.slice(0, 1 - OF_NODE) : draft;

/** An answer goes where the item that brings it has it: in a scenario who waits for it has a socket. */
const isOfAnswer = ({ kind, field }: Place): boolean => kind === 'item' && field === 'msg';

/** The nodes of a table of the model. */
const chained = (see: See, which: 'ID' | 'name'): readonly Node[] => {
  const table = see(ng, `V_ng_${which}_hash`) as NodeHash;
  const next = which === 'ID' ? 'nd_idnodes_next' : 'nd_nodes_next';
  const nodes: Node[] = [];
  for (let i = 0; i <= (see(ng, `V_ng_${which}_hmask`) as number); i++)
    for (let node = see(table, bucket(i)) as Node | null; node !== null; node = see(node, next) as Node | null)
      nodes.push(node);
  return nodes;
};

const numbersIn = (words: Int32Array, answer: Pointer): readonly number[] => {
  const numbers: number[] = [];
  const length = words[at(answer, mesg_.m_len)]!;
  for (let part = answer; numbers.length < length; part = words[at(part, mesg_.m_next)]!)
    for (let i = 0; i < MESG_WORDS && numbers.length < length; i++) numbers.push(words[at(part, mesgWord(i))]!);
  return numbers;
};

/** What counts of an answer: it can have room for more than it tells. The order of a table is nobody's business. */
const toldBy = (asked: number, said: readonly number[]): readonly number[] => {
  if (asked === INFO) return said;
  if (asked === HOOKS) return said.slice(0, OF_NODE + OF_LINK * said[OF_NODE - 1]!);
  return inOrder(said.slice(1, 1 + OF_NODE * said[0]!));
};

/** The valid ones of a table, as an answer tells them. What flags a node has the model knows itself, for the library can fail to look. */
const listed = (nodes: readonly number[]): readonly number[] => {
  const valid = (inParts(nodes, ROOM) as [number, number, number, number, number][]).filter(
    ([, , flags]) => (flags & NGF_INVALID) === 0,
  );
  return inOrder(valid.flatMap(([ID, type, , name, hooks]) => [name, type, ID, hooks]));
};

/** Nodes by their IDs. */
const inOrder = (numbers: readonly number[]): readonly number[] =>
  inParts(numbers, OF_NODE)
    .toSorted((a, b) => a[2]! - b[2]!)
    .flat();

const inParts = (numbers: readonly number[], length: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(numbers.length / length) }, (_, i) => numbers.slice(i * length, (i + 1) * length));

const nodeText = ({ textOf }: Names, [name, type, ID, hooks]: readonly number[]): string =>
  name === UNSEEN || hooks === UNSEEN
    ? `[${ID}], not looked at`
    : `[${ID}] "${textOf(name!)}" ${typeNames[type!] ?? type}, hooks: ${hooks}`;

const linksText = (names: Names, numbers: readonly number[]): string => {
  const links = inParts(numbers.slice(OF_NODE), OF_LINK).map(
    ([ourhook, peerhook, ...node]) =>
      `${names.textOf(ourhook!)} – ${names.textOf(peerhook!)} of ${nodeText(names, node)}`,
  );
  return [nodeText(names, numbers), ...links].join('; ');
};

const tableText = (names: Names, numbers: readonly number[]): string =>
  inParts(numbers, OF_NODE)
    .map((node) => nodeText(names, node))
    .join('; ');
