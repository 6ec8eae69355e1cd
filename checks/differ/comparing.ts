import { withModel } from '../../src/explore/model.ts';
import { lockstepModel, Product } from '../../src/differ/product.ts';
import type { Subject } from '../../src/differ/subject.ts';

/** A product of the subject, for as long as `use` takes. */
export const comparing = <T>(subject: Subject, use: (product: Product) => T): T =>
  withModel(subject.world, lockstepModel, (model) => use(new Product(subject, model)));
