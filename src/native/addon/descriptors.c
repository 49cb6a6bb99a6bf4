/* Sockets of the threads, in a table of each thread: for each descriptor the cookie of its socket, socket(7) SO_COOKIE. */
#include "descriptors.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Cookies by descriptor, 0 for none; the table grows to the highest one. */
struct descriptors {
	uint64_t *cookies;
	size_t size;
};

/* A number that no other socket has had or will have. */
static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t length = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length) ? 0 : cookie;
}

/*
 * Node has closed its handles before. A thread that is ended between the making of a handle and forget_descriptor()
 * leaves a socket here that is closed already: its number may be another file's by now.
 */
static void close_all(napi_env env, void *data, void *hint)
{
	struct descriptors *open = data;

	(void)env;
	(void)hint;
	for (size_t fd = 0; fd < open->size; fd++)
		if (open->cookies[fd] && cookie_of((int)fd) == open->cookies[fd])
			close((int)fd);
	free(open->cookies);
	free(open);
}

napi_status keep_descriptors(napi_env env)
{
	struct descriptors *open = calloc(1, sizeof(*open));

	return open ? napi_set_instance_data(env, open, close_all, NULL) : napi_generic_failure;
}

static struct descriptors *descriptors_of(napi_env env)
{
	void *data = NULL;

	return napi_get_instance_data(env, &data) == napi_ok ? data : NULL;
}

static bool grow(struct descriptors *open, size_t size)
{
	uint64_t *cookies;

	if (size <= open->size)
		return true;
	cookies = realloc(open->cookies, size * 2 * sizeof(*cookies));
	if (!cookies)
		return false;
	memset(cookies + open->size, 0, (size * 2 - open->size) * sizeof(*cookies));
	open->cookies = cookies;
	open->size = size * 2;
	return true;
}

int64_t remember_descriptor(napi_env env, int64_t fd)
{
	struct descriptors *open = descriptors_of(env);

	/* Without memory for it, it is only not closed with the thread. */
	if (fd >= 0 && open && grow(open, (size_t)fd + 1))
		open->cookies[fd] = cookie_of((int)fd);
	return fd;
}

void forget_descriptor(napi_env env, int fd)
{
	struct descriptors *open = descriptors_of(env);

	if (fd >= 0 && open && (size_t)fd < open->size)
		open->cookies[fd] = 0;
}
