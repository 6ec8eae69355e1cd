import { wrap } from './wrap.ts';

/** Of a search that kept fingerprints and found nothing wrong: how far that can be believed. */
export const omissionText = (title: string, omission: number, width: number): string =>
  wrap(`${title}: ${omissionSentence(omission)}.`, width - 2).join('\n  ');

export const omissionSentence = (omission: number): string =>
  `only fingerprints of the states were kept; the probability that one was left out is at most ${omission.toExponential(1)}`;
