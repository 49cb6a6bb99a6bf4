/* Sockets of the threads: a bit for each descriptor, in a table of each thread. */
#include "descriptors.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bits by descriptor; the table grows to the highest one. */
struct descriptors {
	unsigned char *bits;
	size_t size;
};

static void close_all(napi_env env, void *data, void *hint)
{
	struct descriptors *open = data;

	(void)env;
	(void)hint;
	for (size_t at = 0; at < open->size * CHAR_BIT; at++)
		if (open->bits[at / CHAR_BIT] & 1 << at % CHAR_BIT)
			close((int)at);
	free(open->bits);
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
	unsigned char *bits;

	if (size <= open->size)
		return true;
	bits = realloc(open->bits, size * 2);
	if (!bits)
		return false;
	memset(bits + open->size, 0, size * 2 - open->size);
	open->bits = bits;
	open->size = size * 2;
	return true;
}

int64_t remember_descriptor(napi_env env, int64_t fd)
{
	struct descriptors *open = descriptors_of(env);

	/* Without memory for it, it is only not closed with the thread. */
	if (fd >= 0 && open && grow(open, (size_t)fd / CHAR_BIT + 1))
		open->bits[fd / CHAR_BIT] |= 1 << fd % CHAR_BIT;
	return fd;
}

void forget_descriptor(napi_env env, int fd)
{
	struct descriptors *open = descriptors_of(env);

	if (fd >= 0 && open && (size_t)fd / CHAR_BIT < open->size)
		open->bits[fd / CHAR_BIT] &= (unsigned char)~(1 << fd % CHAR_BIT);
}
