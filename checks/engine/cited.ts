import { atomic_add } from '../../src/machine/access.ts';
import { procedure } from '../../src/machine/procedure.ts';
import { Shared, word } from '../../src/machine/record.ts';
import { World } from '../../src/machine/world.ts';

/**
 * A model whose statements cite lines of C. It is loaded by Node as it is, like the specification, so that its lines are those
 * of this file.
 */
class Box extends Shared {
  x = word(0, 9, 'a number');
  y = word(0, 9, 'a number');
}

const cited = procedure('ng_box.c:100-110', function cited(box: Box) {
  box.x = 1; // 101
  box.y = box.x; // 102-103 a load, then a store
  atomic_add(box, 'x', 2); // ng_other.c:7
  box.x = 4; // not cited
  box.y = 5;
});

export const citedWorld = (): World => {
  const world = new World();
  world.run('cpu0', cited, world.make(Box, 'box'));
  return world;
};
