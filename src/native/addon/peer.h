/* What is known of the process at the other end of a Unix socket. */
#ifndef ADDON_PEER_H
#define ADDON_PEER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Describes the process that has connected a Unix socket, as the kernel shows it: texts that are each ended by a NUL.
 * They are its number and its user's; its user, process, mount and network namespaces; its root folder and its working
 * directory, each as device, inode and mount; and /proc/PID/status. Returns their length, or -1 with errno; ESRCH if
 * the process has ended, so that its number may be another's.
 */
int64_t describe_peer(int socket, char *into, size_t size);

/* The same of a process by its number, this one for 0, with the user 0. */
int64_t describe_process(long process, char *into, size_t size);

#endif
