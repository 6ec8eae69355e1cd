/** What is kept of a search, one 32-bit word after the other: what writes it and what reads it do so in the same order. */
export type Sink = (word: number) => void;
export type Source = () => number;
