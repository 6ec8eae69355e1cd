/**
 * What a page is told of a run. It is plain data, written into the page as JSON; the page adds nothing to it but how it looks, so
 * a check can compare the two. Numbers of CPUs and records are indices into `cpus` and `records`.
 */
export type Story = {
  readonly schemaVersion: 1;
  readonly title: string;
  readonly description: string;
  /** What is broken; null while nothing is. */
  readonly property: string | null;
  readonly claim: string | null;
  /** The first line: in plain words, what went wrong. */
  readonly headline: string;
  /** How it came to that, each with the step that it speaks of (from 1), or null. */
  readonly causes: readonly Cause[];
  readonly command: string | null;
  /** The steps from this number on (from 0) are repeated for ever. */
  readonly circle: number | null;
  /** What stands after the last step where the run is over and only its end is wrong; else null. */
  readonly end: string | null;
  readonly cpus: readonly { readonly name: string; readonly program: string }[];
  readonly records: readonly { readonly name: string; readonly type: string; readonly isStatic: boolean }[];
  /** What the records are and hold before the first step. */
  readonly first: readonly Content[];
  readonly steps: readonly StoryStep[];
  /** What each CPU could do after the last step. */
  readonly next: readonly Turn[];
  /** The specification around each line that is spoken of: by file, by number. */
  readonly excerpts: Readonly<Record<string, Readonly<Record<number, string>>>>;
  readonly drawing: Drawing;
};

export type Cause = { readonly text: string; readonly step: number | null };

export type Content = { readonly life: string; readonly fields: Readonly<Record<string, string>> };

/** Whether something that lasts is open during a step: it counts as open in the step that opens it and in the one that closes it. */
export type Span = 'outside' | 'enters' | 'inside' | 'leaves';

export type Action = {
  readonly cpu: number;
  readonly picks: readonly number[];
  /** `procedure: access #occurrence`. */
  readonly step: string;
  /** The procedure that the CPU is in now, if that is news. */
  readonly heading: string | null;
  readonly c: string;
  readonly spec: string;
  readonly stack: readonly string[];
  readonly texts: readonly string[];
  /** Whether this is where it goes wrong. */
  readonly last: boolean;
  /** By CPU: epoch sections, and locks held. */
  readonly sections: readonly Span[];
  readonly locks: readonly Span[];
};

export type StoryStep = Action & {
  /** The record that the step is on. */
  readonly on: number | null;
  /** How many more epoch sections its CPU is in after it. */
  readonly opened: number;
  readonly changes: readonly Change[];
  /** What could have been done at that moment instead: by the other CPUs, or by this one where it had a choice. */
  readonly instead: readonly Turn[];
};

/** `field` is '' where it is the life of the record that changes. */
export type Change = { readonly record: number; readonly field: string; readonly from: string; readonly to: string };

/** A step that a CPU could take, or why it could not. */
export type Turn = {
  readonly cpu: number;
  readonly picks: readonly number[];
  readonly step: string | null;
  readonly c: string;
  readonly spec: string;
  readonly outlook: 'goes on' | 'fails' | 'bound' | 'waits' | 'over';
};

/** Where nodes and hooks stand in the picture, in the same place at every step. Coordinates are of centres. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly {
    readonly record: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly hooks: readonly {
    readonly record: number;
    readonly x: number;
    readonly y: number;
    /** On which side of its node it stands. */
    readonly side: Side;
  }[];
};

export type Side = 'left' | 'right' | 'top' | 'bottom';

/** Where a live page asks: the address of its server, with the token that only this page has. */
export type Live = { readonly address: string };
