/** What ../../levels/compiledLoop.ts calls. */
export { attend, forsake, leave } from './alone';
export { beginPeers } from './cpuForm';
export { beginForms } from './form';
export {
  beginLevel,
  beginShare,
  candidateCount,
  candidatesAt,
  forgetLevel,
  number,
  numberedAt,
  offerFrom,
} from './level';
export { allocate, reset, taken } from './memory';
export { equip, learn, note } from './step';
export { close, count, findPair, glancePair, hasRoomFrom, offerPair, pairOf, plantBeyond } from './root';
export { add, find, hasRoom, join, plant, read } from './tree';
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
  share,
  transitionCount,
} from './search';
export { beginWatch, watchAnew } from './watch';
