import type { CompiledTree } from './compiledTree.ts';
import type { Bits } from './layout.ts';
import type { Model } from './model.ts';
import type { Pointer, Ready, RecordForm } from './recordForm.ts';

/**
 * Lets the compiled loop bring states into their forms as RecordForm does (assembly/form.ts has the shapes): writes what that looks things up
 * in. Which places a local state refers to, and what a renumbering does, it asks for when it comes to need it.
 */
export class CompiledForm {
  readonly #tree: CompiledTree;
  readonly #form: RecordForm;
  /** The renumberings that were asked for. */
  readonly #ready: Ready[] = [];

  constructor(tree: CompiledTree, { layout, stepper }: Model, form: RecordForm) {
    this.#tree = tree;
    this.#form = form;
    const { groups, named, within, lives } = form.parts;
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

  mention(local: number): number {
    const places = this.#form.mentioned(local);
    return this.#tree.put([places.length, ...places]);
  }

  /** A renumbering as it is read there, for an order that stands at an address. */
  prepare(order: number): number {
    const tree = this.#tree;
    const by = new Int32Array(this.#form.parts.within.length);
    tree.copy(order, by);
    const ready = this.#form.ready([...by]);
    const copies = ready.copies.flatMap(({ from, to, numbers }) => [
      ...three(from),
      ...three(to),
      numbers === null ? 0 : tree.put(numbers),
    ]);
    return tree.put([0, 0, 0, tree.put(copies), ready.copies.length, this.#ready.push(ready) - 1, 0, 0, 0, 0]);
  }

  renumber(which: number, local: number): number {
    return this.#form.renumbered(local, this.#ready[which]!);
  }
}

const three = ({ word, shift, mask }: Bits): readonly number[] => [4 * word, shift, mask];
