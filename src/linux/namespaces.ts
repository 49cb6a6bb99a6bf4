/** Namespaces: clone flags and nsfs requests. Sources: linux/sched.h CLONE_NEW*, linux/nsfs.h. */

export const CLONE_NEWNS = 0x00020000;
export const CLONE_NEWNET = 0x40000000;

export const NS_GET_USERNS = 0xb701;
export const NS_GET_NSTYPE = 0xb703;
export const NS_GET_OWNER_UID = 0xb704;

/** statfs(2) of what a namespace is mounted on. */
export const NSFS_MAGIC = 0x6e736673;

/** The network namespace of the thread that asks; /proc/self would be that of the main thread. See proc(5). */
export const OWN_NETWORK = '/proc/thread-self/ns/net';
