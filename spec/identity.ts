import { constant, pointer, Shared, truth } from '../src/machine/record.ts';
import { Node } from './node.ts';

/**
 * A node's ID and its place in the ID hash. A chain of the hash runs through the nodes; who walks it comes to those that are
 * linked and to no others. So whether a node is linked stands here and not in the node: asking for a node that has
 * been unlinked and freed touches nothing of it.
 */
export class Identity extends Shared {
  node: Node = constant(pointer(() => Node, 'whose ID this is'));
  linked = truth('in the ID hash; changed under IDHASH W, read under IDHASH R');
}
