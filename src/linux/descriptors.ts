/** The standard file descriptors. */

export const STDERR = 2;

export const STDIN = 0;

export const STDOUT = 1;
