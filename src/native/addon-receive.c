/*
 * receiveMany: one recvmmsg(2) in a thread of Node's pool. It waits for the first datagram and takes those that are
 * there by then: of a netlink dump always some, as the kernel makes the next one whenever one is read.
 */
#include "addon-receive.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { FD, BUFFER, SLOT, LENGTHS, CALLBACK, ARGUMENTS };
enum { MOST_DATAGRAMS = 32 };

struct job {
	napi_async_work work;
	/* The arguments, kept until the end: their memory is used meanwhile. */
	napi_ref kept[ARGUMENTS];
	int fd;
	char *buffer;
	size_t slot;
	/* The length of each datagram. */
	int32_t *lengths;
	unsigned most;
	/* How many datagrams have come, or -errno. */
	int count;
};

static void receive(napi_env env, void *data)
{
	struct job *job = data;
	struct mmsghdr messages[MOST_DATAGRAMS] = { 0 };
	struct iovec parts[MOST_DATAGRAMS];

	(void)env;
	for (unsigned at = 0; at < job->most; at++) {
		parts[at] = (struct iovec){ job->buffer + at * job->slot, job->slot };
		messages[at].msg_hdr.msg_iov = &parts[at];
		messages[at].msg_hdr.msg_iovlen = 1;
	}
	do
		job->count = recvmmsg(job->fd, messages, job->most, MSG_WAITFORONE, NULL);
	while (job->count < 0 && errno == EINTR);
	if (job->count < 0)
		job->count = -errno;
	for (int at = 0; at < job->count; at++) {
		bool is_whole = !(messages[at].msg_hdr.msg_flags & MSG_TRUNC);

		job->lengths[at] = is_whole ? (int32_t)messages[at].msg_len : -1;
	}
}

static void end(napi_env env, struct job *job)
{
	for (unsigned at = 0; at < ARGUMENTS; at++)
		if (job->kept[at])
			napi_delete_reference(env, job->kept[at]);
	if (job->work)
		napi_delete_async_work(env, job->work);
	free(job);
}

static void tell(napi_env env, napi_status status, void *data)
{
	struct job *job = data;
	int count = job->count;
	napi_value callback = NULL, global, argument, error;

	napi_get_reference_value(env, job->kept[CALLBACK], &callback);
	end(env, job);
	if (status != napi_ok || napi_get_global(env, &global) != napi_ok ||
	    napi_create_int32(env, count, &argument) != napi_ok)
		return;
	if (napi_call_function(env, global, callback, 1, &argument, NULL) == napi_pending_exception &&
	    napi_get_and_clear_last_exception(env, &error) == napi_ok)
		napi_fatal_exception(env, error);
}

static bool read_arguments(napi_env env, napi_value *value, struct job *job)
{
	size_t buffer_length, lengths_length;
	int32_t slot;
	napi_valuetype type;

	if (napi_get_value_int32(env, value[FD], &job->fd) != napi_ok ||
	    napi_get_buffer_info(env, value[BUFFER], (void **)&job->buffer, &buffer_length) != napi_ok ||
	    napi_get_value_int32(env, value[SLOT], &slot) != napi_ok || slot <= 0 ||
	    napi_get_buffer_info(env, value[LENGTHS], (void **)&job->lengths, &lengths_length) != napi_ok ||
	    (uintptr_t)job->lengths % sizeof(*job->lengths) ||
	    napi_typeof(env, value[CALLBACK], &type) != napi_ok || type != napi_function)
		return false;
	job->slot = (size_t)slot;
	job->most = MOST_DATAGRAMS;
	if (job->most > buffer_length / job->slot)
		job->most = (unsigned)(buffer_length / job->slot);
	if (job->most > lengths_length / sizeof(*job->lengths))
		job->most = (unsigned)(lengths_length / sizeof(*job->lengths));
	return job->most > 0;
}

static bool start(napi_env env, napi_value *value, struct job *job)
{
	napi_value name;

	for (unsigned at = BUFFER; at < ARGUMENTS; at++)
		if (at != SLOT && napi_create_reference(env, value[at], 1, &job->kept[at]) != napi_ok)
			return false;
	return napi_create_string_latin1(env, "receiveMany", NAPI_AUTO_LENGTH, &name) == napi_ok &&
	       napi_create_async_work(env, NULL, name, receive, tell, job, &job->work) == napi_ok &&
	       napi_queue_async_work(env, job->work) == napi_ok;
}

napi_value call_receive_many(napi_env env, napi_callback_info info)
{
	size_t count = ARGUMENTS;
	napi_value value[ARGUMENTS];
	struct job *job = calloc(1, sizeof(*job));

	if (job && napi_get_cb_info(env, info, &count, value, NULL, NULL) == napi_ok &&
	    read_arguments(env, value, job) && start(env, value, job))
		return NULL;
	if (job)
		end(env, job);
	napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "receiveMany: wrong arguments, or no memory");
	return NULL;
}
