import type { CompiledTree } from '../states/compiledTree.ts';
import type { Copy } from '../symmetry/copies.ts';
import { CpuForm } from '../symmetry/cpuForm.ts';
import type { Bits } from '../model/layout.ts';
import type { Model } from '../model/model.ts';
import type { Pointer, Ready, RecordForm } from '../symmetry/recordForm.ts';

/**
 * Lets the compiled loop bring states into their forms as RecordForm and CpuForm do (form.ts and cpuForm.ts in compiled/assembly/ have the shapes): writes what
 * these look things up in. Which places a local state refers to, where it is, and what a renumbering does, it asks for when it comes to need it.
 */
export class CompiledForm {
  readonly #tree: CompiledTree;
  readonly #records: RecordForm | null;
  readonly #peers: CpuForm | null;
  /** The renumberings that were asked for. */
  readonly #ready: Ready[] = [];

  constructor(tree: CompiledTree, model: Model, form: RecordForm | CpuForm) {
    this.#tree = tree;
    this.#peers = form instanceof CpuForm ? form : null;
    this.#records = form instanceof CpuForm ? form.records : form;
    if (this.#records !== null) this.#beginForms(model, this.#records);
    if (this.#peers !== null) this.#beginPeers(model, this.#peers);
  }

  #beginForms({ layout, stepper }: Model, { parts }: RecordForm): void {
    const tree = this.#tree;
    const { groups, named, within, lives } = parts;
    const group = groups.flatMap(({ slots }, i) => slots.map(() => i));
    const pointers = (list: readonly Pointer[]): readonly [number, number] => [
      tree.put(list.flatMap(({ bits, places }) => [...three(bits), tree.put(places)])),
      list.length,
    ];
    tree.calls.beginForms(
      layout.words,
      stepper.cpus,
      group.length,
      tree.put(group.map((i) => groups[i]!.first)),
      tree.put(group),
      groups.length,
      ...pointers(named),
      tree.put(within.flatMap(pointers)),
      tree.put(lives.flatMap(three)),
    );
  }

  #beginPeers({ layout, stepper }: Model, { parts, peers }: CpuForm): void {
    const tree = this.#tree;
    const orders = parts.orders.flatMap(({ was, copies }) => {
      const pairs = peers.flatMap((group) => group.slice(1).map((cpu, i) => [was[group[i]!]!, was[cpu]!]));
      return [tree.put(pairs.flat()), pairs.length, this.#copies(copies), copies.length];
    });
    const others = tree.put(parts.memory);
    tree.calls.beginPeers(layout.words, stepper.cpus, tree.put(orders), parts.orders.length, others);
  }

  #copies(copies: readonly Copy[]): number {
    const tree = this.#tree;
    return tree.put(
      copies.flatMap(({ from, to, numbers }) => [
        ...three(from),
        ...three(to),
        numbers === null ? 0 : tree.put(numbers),
      ]),
    );
  }

  whereabouts(local: number): number {
    const { place, hash } = this.#peers!.whereabouts(local);
    return this.#tree.put([place, hash]);
  }

  mention(local: number): number {
    const places = this.#records!.mentioned(local);
    return this.#tree.put([places.length, ...places]);
  }

  /** A renumbering as it is read there, for an order that stands at an address. */
  prepare(order: number): number {
    const tree = this.#tree;
    const by = new Int32Array(this.#records!.parts.within.length);
    tree.copy(order, by);
    const ready = this.#records!.ready([...by]);
    const copies = this.#copies(ready.copies);
    return tree.put([0, 0, 0, copies, ready.copies.length, this.#ready.push(ready) - 1, 0, 0, 0, 0]);
  }

  renumber(which: number, local: number): number {
    return this.#records!.renumbered(local, this.#ready[which]!);
  }
}

const three = ({ word, shift, mask }: Bits): readonly number[] => [4 * word, shift, mask];
