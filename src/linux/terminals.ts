/** Requests and flags of terminals. Sources: asm-generic/ioctls.h, asm-generic/termbits.h. */

export const TCGETS = 0x5401;
export const TCSETSF = 0x5404;

/** c_lflag: characters make signals. */
export const ISIG = 0x1;

/** c_lflag: characters are shown as they are typed. */
export const ECHO = 0x8;
