/**
 * A thread, as all procedures are given it: the arena, which number it has there, and which design the arena is of. It is never
 * changed; what a thread must remember stands in its record in the arena.
 */
export type Td = {
  readonly arena: Int32Array;
  readonly thread: number;
  readonly lockfree: boolean;
  /** How many items it can apply within each other: what the C has in bytes (GET_STACK_USAGE). */
  readonly stack: number;
  /** How many it is applying. Who applies one is given a thread that is in one more; what a packet that is not queued adds to it, goes with its way. */
  readonly used: number;
};

/**
 * `lockfree`: data goes from hook to hook in an epoch section, without reference, lock or gate.
 * `rwlock`: data goes as in FreeBSD 14: from hook to peer under the topology lock, with references, and through the gate of each node.
 * All that is not data is the same in both, so what they differ by is the way of a packet (the design `repair-4` of the specification).
 */
export type Design = 'lockfree' | 'rwlock';

/** A number of an error, of sys/errno.h. */
export const ENOENT = 2;
export const EIO = 5;
export const ENXIO = 6;
export const ENOMEM = 12;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const EPIPE = 32;
export const EADDRINUSE = 48;
export const ECONNRESET = 54;
export const EISCONN = 56;
export const ENOTCONN = 57;
