/** What ../compiledLoop.ts calls. */
export { beginForms } from './form';
export { allocate, reset, taken } from './memory';
export { equip, learn, note } from './step';
export { add, count, find, hasRoom, plant, read } from './tree';
export {
  addedCount,
  emit,
  emitFailure,
  endCount,
  firedAt,
  fireClass,
  nextAt,
  parentsAt,
  prepare,
  run,
  transitionCount,
  watchedAt,
} from './search';
