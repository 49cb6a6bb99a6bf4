/* Netlink datagrams, received at once or by another thread. */
#ifndef ADDON_RECEIVE_H
#define ADDON_RECEIVE_H

#include "call.h"

/* What recvmsg(2) takes: variables for the sender's address, one part and what the kernel says of it. */
#define MESSAGE(sender, part, control)                                   \
	{                                                                \
		.msg_name = &(sender), .msg_namelen = sizeof(sender),    \
		.msg_iov = &(part), .msg_iovlen = 1,                     \
		.msg_control = (control), .msg_controllen = sizeof(control), \
	}

/*
 * Receives netlink datagrams, as many as are there and there is room for, behind each other; waits for the first unless
 * the flags forbid it. Returns how many records it wrote; an error after the first is the last record. EMSGSIZE: the first
 * datagram is longer than the buffer, and still there.
 */
int64_t receive_datagrams(int fd, struct bytes buffer, struct bytes records, int flags);

/* receiveAhead(fd, bytes, records, callback) does that in Node's thread pool, and calls `callback` with the result. */
napi_value call_receive_ahead(napi_env env, napi_callback_info info);

#endif
