/* Netlink datagrams; see receive.h. */
#include "receive.h"
#include "calls.h"

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/* What is recorded of each netlink datagram: its length, or a negative error number, and where it comes from. */
struct datagram {
	int32_t length, sender_port, nsid;
};

static ssize_t receive_datagram(int fd, char *data, size_t room, int flags, struct datagram *record)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct sockaddr_nl sender = { 0 };
	struct iovec part = { data, room };
	struct msghdr header = MESSAGE(sender, part, control);
	ssize_t length = recv(fd, NULL, 0, flags | MSG_PEEK | MSG_TRUNC);

	if (length >= 0 && (size_t)length > room) {
		errno = EMSGSIZE;
		return -1;
	}
	if (length >= 0)
		length = recvmsg(fd, &header, flags);
	record->length = length < 0 ? -errno : (int32_t)length;
	record->sender_port = (int32_t)sender.nl_pid;
	record->nsid = -1;
	if (length < 0)
		return -1;
	for (struct cmsghdr *one = CMSG_FIRSTHDR(&header); one; one = CMSG_NXTHDR(&header, one))
		if (one->cmsg_level == SOL_NETLINK && one->cmsg_type == NETLINK_LISTEN_ALL_NSID)
			memcpy(&record->nsid, CMSG_DATA(one), sizeof(int));
	return length;
}

int64_t receive_datagrams(int fd, struct bytes buffer, struct bytes records, int flags)
{
	size_t room = records.length / sizeof(struct datagram), count = 0, used = 0;

	errno = EINVAL;
	while (count < room) {
		struct datagram record;
		ssize_t length =
			receive_datagram(fd, buffer.data + used, buffer.length - used, count ? MSG_DONTWAIT : flags, &record);

		if (length < 0 && (!count || errno == EAGAIN || errno == EMSGSIZE || errno == EINTR))
			break;
		memcpy(records.data + count++ * sizeof(record), &record, sizeof(record));
		if (length < 0)
			break;
		used += (size_t)length;
	}
	return count ? (int64_t)count : -1;
}

SYSTEM_CALL(call_receive_datagrams, INT(fd, 0) BYTES(buffer, 1) BYTES(records, 2) INT(flags, 3),
	receive_datagrams(fd, buffer, records, flags))

/* What another thread is to receive. The arguments are kept until the end: it writes to their memory. */
struct ahead {
	napi_async_work work;
	napi_ref buffer, records, callback;
	int fd;
	struct bytes buffer_bytes, record_bytes;
	int64_t result;
};

static void receive_ahead(napi_env env, void *data)
{
	struct ahead *ahead = data;

	(void)env;
	do
		ahead->result = receive_datagrams(ahead->fd, ahead->buffer_bytes, ahead->record_bytes, 0);
	while (ahead->result < 0 && errno == EINTR);
	if (ahead->result < 0)
		ahead->result = -errno;
}

static void end(napi_env env, struct ahead *ahead)
{
	napi_ref references[] = { ahead->buffer, ahead->records, ahead->callback };

	for (size_t at = 0; at < sizeof(references) / sizeof(references[0]); at++)
		if (references[at])
			napi_delete_reference(env, references[at]);
	if (ahead->work)
		napi_delete_async_work(env, ahead->work);
	free(ahead);
}

static void report(napi_env env, napi_status status, void *data)
{
	struct ahead *ahead = data;
	int64_t result = ahead->result;
	napi_value callback = NULL, receiver, argument, error;

	napi_get_reference_value(env, ahead->callback, &callback);
	end(env, ahead);
	if (status != napi_ok || napi_get_global(env, &receiver) != napi_ok ||
	    napi_create_int64(env, result, &argument) != napi_ok)
		return;
	if (napi_call_function(env, receiver, callback, 1, &argument, NULL) == napi_pending_exception &&
	    napi_get_and_clear_last_exception(env, &error) == napi_ok)
		napi_fatal_exception(env, error);
}

static bool start(napi_env env, const napi_value *value, struct ahead *ahead)
{
	napi_value name;

	return napi_create_reference(env, value[1], 1, &ahead->buffer) == napi_ok &&
	       napi_create_reference(env, value[2], 1, &ahead->records) == napi_ok &&
	       napi_create_reference(env, value[3], 1, &ahead->callback) == napi_ok &&
	       napi_create_string_latin1(env, "receiveAhead", NAPI_AUTO_LENGTH, &name) == napi_ok &&
	       napi_create_async_work(env, NULL, name, receive_ahead, report, ahead, &ahead->work) == napi_ok &&
	       napi_queue_async_work(env, ahead->work) == napi_ok;
}

napi_value call_receive_ahead(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	int fd = (int)integer(&call, 0);
	struct bytes buffer = bytes(&call, 1), records = bytes(&call, 2);
	napi_valuetype type;
	struct ahead *ahead;

	if (call.bad || napi_typeof(env, call.value[3], &type) != napi_ok || type != napi_function)
		return refuse(&call);
	release(&call);
	ahead = calloc(1, sizeof(*ahead));
	if (!ahead)
		return number(&call, -ENOMEM);
	ahead->fd = fd;
	ahead->buffer_bytes = buffer;
	ahead->record_bytes = records;
	if (start(env, call.value, ahead))
		return number(&call, 0);
	end(env, ahead);
	return number(&call, -ENOMEM);
}
