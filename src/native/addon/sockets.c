/* Sockets, netlink ones above all, and who is at their other ends. */
#include "calls.h"
#include "descriptors.h"
#include "peer.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

SYSTEM_CALL(call_socket, INT(domain, 0) INT(type, 1) INT(protocol, 2),
	remember_descriptor(env, socket(domain, type | SOCK_CLOEXEC, protocol)))

static int64_t close_descriptor(napi_env env, int fd)
{
	forget_descriptor(env, fd);
	return close(fd);
}

SYSTEM_CALL(call_close, INT(fd, 0), close_descriptor(env, fd))

static int64_t give_away(napi_env env, int fd)
{
	forget_descriptor(env, fd);
	return 0;
}

SYSTEM_CALL(call_give_away, INT(fd, 0), give_away(env, fd))

SYSTEM_CALL(call_send, INT(fd, 0) BYTES(message, 1) INT(flags, 2),
	send(fd, message.data, message.length, flags))

SYSTEM_CALL(call_recv, INT(fd, 0) BYTES(message, 1) INT(flags, 2),
	recv(fd, message.data, message.length, flags))

SYSTEM_CALL(call_setsockopt, INT(fd, 0) INT(level, 1) INT(name, 2) INT(value, 3),
	setsockopt(fd, level, name, &value, sizeof(value)))

static int option_value(int fd, int level, int name)
{
	int value = 0;
	socklen_t length = sizeof(value);

	return getsockopt(fd, level, name, &value, &length) ? -1 : value;
}

SYSTEM_CALL(call_getsockopt, INT(fd, 0) INT(level, 1) INT(name, 2), option_value(fd, level, name))

static int64_t option_bytes(int fd, int level, int name, struct bytes into)
{
	socklen_t length = (socklen_t)into.length;

	return getsockopt(fd, level, name, into.data, &length) ? -1 : (int64_t)length;
}

SYSTEM_CALL(call_getsockopt_bytes, INT(fd, 0) INT(level, 1) INT(name, 2) BYTES(into, 3),
	    option_bytes(fd, level, name, into))

static int64_t netlink_port(int fd)
{
	struct sockaddr_nl address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &length))
		return -1;
	if (length < sizeof(address) || address.nl_family != AF_NETLINK) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	return address.nl_pid;
}

SYSTEM_CALL(call_netlink_port, INT(fd, 0), netlink_port(fd))

static int64_t netlink_bind(int fd)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };

	return bind(fd, (struct sockaddr *)&address, sizeof(address));
}

SYSTEM_CALL(call_netlink_bind, INT(fd, 0), netlink_bind(fd))

static int64_t netlink_connect(int fd)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return connect(fd, (struct sockaddr *)&kernel, sizeof(kernel));
}

SYSTEM_CALL(call_netlink_connect, INT(fd, 0), netlink_connect(fd))

SYSTEM_CALL(call_bind, INT(fd, 0) BYTES(address, 1), bind(fd, (struct sockaddr *)address.data, (socklen_t)address.length))

SYSTEM_CALL(call_listen, INT(fd, 0) INT(backlog, 1), listen(fd, backlog))

SYSTEM_CALL(call_accept, INT(fd, 0), accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK))

SYSTEM_CALL(call_describe_peer, INT(fd, 0) BYTES(into, 1), describe_peer(fd, into.data, into.length))

SYSTEM_CALL(call_describe_process, LONG(process, 0) BYTES(into, 1),
	describe_process((long)process, into.data, into.length))
