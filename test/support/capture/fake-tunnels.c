/*
 * Preloaded into a program: a kernel with tunnels. Each request about tunnels is printed on standard error, with the
 * struct that came with it; those that ask are answered with the bytes in FAKE_TUNNEL, FAKE_ROUTERS and FAKE_6RD, hex
 * digits or -ERRNO; the others succeed, or fail as FAKE_CHANGE says. Nothing reaches the real kernel.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { get_tunnel = 0x89f0, get_routers = 0x89f4, add_router = 0x89f5, delete_router = 0x89f6, get_6rd = 0x89f8 };

/* Bytes of the struct that a request has. */
static size_t struct_length(unsigned long request, int family)
{
	if (request == add_router || request == delete_router)
		return 16;
	if (request >= get_routers)
		return 24;
	return family == AF_INET6 ? 76 : 52;
}

static const char *answer_to(unsigned long request)
{
	const char *unknown = "-19"; /* ENODEV */
	const char *given = getenv(request == get_tunnel    ? "FAKE_TUNNEL" :
				   request == get_routers ? "FAKE_ROUTERS" :
				   request == get_6rd	    ? "FAKE_6RD" :
							      "FAKE_CHANGE");
	const int asks = request == get_tunnel || request == get_routers || request == get_6rd;
	return given ? given : asks ? unknown : "";
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	va_start(list, request);
	void *argument = va_arg(list, void *);
	va_end(list);
	if ((request & ~0xful) != get_tunnel)
		return ((__typeof__(&ioctl))dlsym(RTLD_NEXT, "ioctl"))(fd, request, argument);

	const struct ifreq *interface = argument;
	unsigned char *bytes = (unsigned char *)interface->ifr_data;
	int family = 0;
	socklen_t length = sizeof family;
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length);
	fprintf(stderr, "ioctl %lx family %d %s ", request, family, interface->ifr_name);
	for (size_t at = 0; at < struct_length(request, family); at++)
		fprintf(stderr, "%02x", bytes[at]);
	fprintf(stderr, "\n");

	const char *answer = answer_to(request);
	if (*answer == '-') {
		errno = atoi(answer + 1);
		return -1;
	}
	for (unsigned byte; sscanf(answer, "%2x", &byte) == 1; answer += 2)
		*bytes++ = byte;
	return 0;
}
