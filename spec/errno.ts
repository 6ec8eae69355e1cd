/** The error numbers that a message can come back with (sys/errno.h). */
export const ENOENT = 2;
export const EIO = 5;
export const ENXIO = 6;
export const ENOMEM = 12;
export const EEXIST = 17;
export const EINVAL = 22;
export const EDESTADDRREQ = 39;
export const EADDRINUSE = 48;
export const ENETDOWN = 50;
export const EISCONN = 56;
