/*
 * The addon: system calls for Node. Every function makes one call and decides nothing; it returns what the
 * call returned, or -errno. Strings come as buffers without a final NUL. Only a wrong argument type throws. When it is
 * loaded it restores what Node has undone (start.c).
 * The TypeScript face, with the meaning of each, is src/kernel/system/native.ts.
 */
#include "checksum.h"
#include "descriptors.h"
#include "peer.h"
#include "start.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netdb.h>
#include <node_api.h>
#include <pwd.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif
/* linux/mount.h, which not every C library has. */
#ifndef FSOPEN_CLOEXEC
#define FSOPEN_CLOEXEC 1
#define FSMOUNT_CLOEXEC 1
#define FSCONFIG_CMD_CREATE 6
#endif
#define MOST_ARGUMENTS 5
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The arguments of one call. `bad` remembers that one of them had the wrong type. */
struct call {
	napi_env env;
	napi_value value[MOST_ARGUMENTS];
	void *copy[MOST_ARGUMENTS];
	bool bad;
};

static struct call begin(napi_env env, napi_callback_info info)
{
	struct call call = { .env = env };
	size_t count = MOST_ARGUMENTS;

	call.bad = napi_get_cb_info(env, info, &count, call.value, NULL, NULL) != napi_ok;
	return call;
}

static int64_t integer(struct call *call, unsigned at)
{
	int64_t number = 0;

	if (napi_get_value_int64(call->env, call->value[at], &number) != napi_ok)
		call->bad = true;
	return number;
}

struct bytes {
	char *data;
	size_t length;
};

static bool read_bytes(napi_env env, napi_value value, struct bytes *bytes)
{
	bool is_buffer = false;

	return napi_is_buffer(env, value, &is_buffer) == napi_ok && is_buffer &&
	       napi_get_buffer_info(env, value, (void **)&bytes->data, &bytes->length) == napi_ok;
}

static struct bytes bytes(struct call *call, unsigned at)
{
	struct bytes bytes = { NULL, 0 };

	if (!read_bytes(call->env, call->value[at], &bytes))
		call->bad = true;
	return bytes;
}

/* A NUL-terminated copy of a buffer that holds no NUL itself, or NULL. */
static char *copy_string(napi_env env, napi_value value)
{
	struct bytes bytes;
	char *copy;

	if (!read_bytes(env, value, &bytes) || (bytes.length && memchr(bytes.data, 0, bytes.length)))
		return NULL;
	copy = malloc(bytes.length + 1);
	if (!copy)
		return NULL;
	if (bytes.length)
		memcpy(copy, bytes.data, bytes.length);
	copy[bytes.length] = 0;
	return copy;
}

static char *string(struct call *call, unsigned at)
{
	call->copy[at] = copy_string(call->env, call->value[at]);
	if (!call->copy[at])
		call->bad = true;
	return call->copy[at];
}

/* As string(), but JavaScript's null is C's NULL. */
static char *string_or_null(struct call *call, unsigned at)
{
	napi_valuetype type;

	if (napi_typeof(call->env, call->value[at], &type) == napi_ok && type == napi_null)
		return NULL;
	return string(call, at);
}

static napi_value number(struct call *call, int64_t value)
{
	napi_value result = NULL;

	napi_create_int64(call->env, value, &result);
	return result;
}

static void release(struct call *call)
{
	for (unsigned at = 0; at < MOST_ARGUMENTS; at++)
		free(call->copy[at]);
}

static napi_value refuse(struct call *call)
{
	release(call);
	napi_throw_type_error(call->env, "ERR_INVALID_ARG_TYPE",
			      "an argument of a native call has the wrong type or holds a NUL byte");
	return NULL;
}

/*
 * Defines the function `name`: reads its arguments by DECLARATIONS, then runs CALL, an expression that yields
 * the call's result. errno is kept from before the copies are freed.
 */
#define SYSTEM_CALL(name, declarations, expression)                      \
	static napi_value name(napi_env env, napi_callback_info info)    \
	{                                                                \
		struct call call = begin(env, info);                     \
		int64_t result;                                          \
		declarations                                             \
		if (call.bad)                                            \
			return refuse(&call);                            \
		result = (expression);                                   \
		if (result < 0)                                          \
			result = -errno;                                 \
		release(&call);                                          \
		return number(&call, result);                            \
	}

#define INT(name, at) int name = (int)integer(&call, at);
#define LONG(name, at) unsigned long name = (unsigned long)integer(&call, at);
#define STRING(name, at) char *name = string(&call, at);
#define STRING_OR_NULL(name, at) char *name = string_or_null(&call, at);
#define BYTES(name, at) struct bytes name = bytes(&call, at);

SYSTEM_CALL(call_setns, INT(fd, 0) INT(type, 1), setns(fd, type))

SYSTEM_CALL(call_unshare, INT(flags, 0), unshare(flags))

SYSTEM_CALL(call_mount,
	STRING_OR_NULL(source, 0) STRING(target, 1) STRING_OR_NULL(type, 2) LONG(flags, 3) STRING_OR_NULL(data, 4),
	mount(source, target, type, flags, data))

SYSTEM_CALL(call_umount2, STRING(target, 0) INT(flags, 1), umount2(target, flags))

SYSTEM_CALL(call_fsopen, STRING(type, 0), syscall(SYS_fsopen, type, FSOPEN_CLOEXEC))

SYSTEM_CALL(call_fsconfig_create, INT(fd, 0), syscall(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0))

SYSTEM_CALL(call_fsmount, INT(fd, 0), syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC, 0))

SYSTEM_CALL(call_flock, INT(fd, 0) INT(operation, 1), flock(fd, operation))

SYSTEM_CALL(call_ioctl, INT(fd, 0) LONG(request, 1) LONG(argument, 2), ioctl(fd, request, argument))

SYSTEM_CALL(call_ioctl_bytes, INT(fd, 0) LONG(request, 1) BYTES(argument, 2),
	ioctl(fd, request, argument.data))

/* For requests of which struct ifreq says only where their own struct is. */
static int64_t interface_ioctl(int fd, unsigned long request, const char *name, void *data)
{
	struct ifreq interface = { 0 };

	strncpy(interface.ifr_name, name, IFNAMSIZ - 1);
	interface.ifr_data = data;
	return ioctl(fd, request, &interface);
}

SYSTEM_CALL(call_ioctl_interface, INT(fd, 0) LONG(request, 1) STRING(name, 2) BYTES(data, 3),
	interface_ioctl(fd, request, name, data.data))

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

SYSTEM_CALL(call_inotify_init, (void)call;, inotify_init1(IN_CLOEXEC | IN_NONBLOCK))

SYSTEM_CALL(call_inotify_add_watch, INT(fd, 0) STRING(path, 1) INT(mask, 2),
	inotify_add_watch(fd, path, (uint32_t)mask))

SYSTEM_CALL(call_fcntl, INT(fd, 0) INT(command, 1) LONG(argument, 2), fcntl(fd, command, argument))

SYSTEM_CALL(call_prctl, INT(option, 0) LONG(second, 1) LONG(third, 2) LONG(fourth, 3) LONG(fifth, 4),
	prctl(option, second, third, fourth, fifth))

static int64_t bpf(enum bpf_cmd command, union bpf_attr attributes)
{
	return syscall(SYS_bpf, command, &attributes, sizeof(attributes));
}

/* bpf(2) takes pointers as 64-bit numbers. */
static uint64_t address_of(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer;
}

SYSTEM_CALL(call_bpf_open_pinned, STRING(path, 0),
	bpf(BPF_OBJ_GET, (union bpf_attr){ .pathname = address_of(path) }))

SYSTEM_CALL(call_bpf_open_program, LONG(id, 0),
	bpf(BPF_PROG_GET_FD_BY_ID, (union bpf_attr){ .prog_id = (uint32_t)id }))

SYSTEM_CALL(call_bpf_object_info, INT(fd, 0) BYTES(into, 1),
	bpf(BPF_OBJ_GET_INFO_BY_FD, (union bpf_attr){ .info = {
		.bpf_fd = (uint32_t)fd, .info_len = (uint32_t)into.length, .info = address_of(into.data) } }))

SYSTEM_CALL(call_bpf_load, INT(type, 0) BYTES(instructions, 1) STRING(license, 2),
	bpf(BPF_PROG_LOAD, (union bpf_attr){
		.prog_type = (uint32_t)type,
		.insns = address_of(instructions.data),
		.insn_cnt = (uint32_t)(instructions.length / sizeof(struct bpf_insn)),
		.license = address_of(license) }))

SYSTEM_CALL(call_bpf_attach, INT(target, 0) INT(program, 1) INT(type, 2),
	bpf(BPF_PROG_ATTACH, (union bpf_attr){
		.target_fd = (uint32_t)target, .attach_bpf_fd = (uint32_t)program, .attach_type = (uint32_t)type }))

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

/* What is recorded of each netlink datagram: its length, or a negative error number, and where it comes from. */
struct datagram {
	int32_t length, sender_port, nsid;
};

static ssize_t receive_datagram(int fd, char *data, size_t room, int flags, struct datagram *record)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct sockaddr_nl sender = { 0 };
	struct iovec part = { data, room };
	struct msghdr header = {
		.msg_name = &sender,
		.msg_namelen = sizeof(sender),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
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

/*
 * Receives netlink datagrams, as many as are there and there is room for, behind each other; waits for the first unless
 * the flags forbid it. Returns how many records it wrote; an error after the first is the last record. EMSGSIZE: the first
 * datagram is longer than the buffer, and still there.
 */
static int64_t receive_datagrams(int fd, struct bytes buffer, struct bytes records, int flags)
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

static int64_t name_to_index(const char *name)
{
	unsigned index = if_nametoindex(name);

	return index ? (int64_t)index : -1;
}

SYSTEM_CALL(call_if_name_to_index, STRING(name, 0), name_to_index(name))

SYSTEM_CALL(call_checksum, BYTES(data, 0), (int64_t)checksum(data.data, data.length))

/* The user's or group's id; ENOENT if the databases do not have the name. */
static int64_t user_id(const char *name)
{
	struct passwd *entry;

	errno = 0;
	entry = getpwnam(name);
	if (entry)
		return entry->pw_uid;
	if (!errno)
		errno = ENOENT;
	return -1;
}

static int64_t group_id(const char *name)
{
	struct group *entry;

	errno = 0;
	entry = getgrnam(name);
	if (entry)
		return entry->gr_gid;
	if (!errno)
		errno = ENOENT;
	return -1;
}

SYSTEM_CALL(call_user_id, STRING(name, 0), user_id(name))
SYSTEM_CALL(call_group_id, STRING(name, 0), group_id(name))

static napi_value name_or_error(struct call *call, const char *name)
{
	napi_value result = NULL;

	if (!name)
		return number(call, errno ? -errno : -ENOENT);
	napi_create_buffer_copy(call->env, strlen(name), name, NULL, &result);
	return result;
}

static napi_value call_user_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	uid_t id = (uid_t)integer(&call, 0);
	struct passwd *entry;

	if (call.bad)
		return refuse(&call);
	errno = 0;
	entry = getpwuid(id);
	return name_or_error(&call, entry ? entry->pw_name : NULL);
}

static napi_value call_group_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	gid_t id = (gid_t)integer(&call, 0);
	struct group *entry;

	if (call.bad)
		return refuse(&call);
	errno = 0;
	entry = getgrgid(id);
	return name_or_error(&call, entry ? entry->gr_name : NULL);
}

/* The name of an IPv4 or IPv6 address; ENOENT if nobody knows one. Waits for name servers. */
static napi_value call_host_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	struct bytes address = bytes(&call, 0);
	struct hostent *entry;

	if (call.bad)
		return refuse(&call);
	entry = gethostbyaddr(address.data, (socklen_t)address.length, address.length == 4 ? AF_INET : AF_INET6);
	errno = ENOENT;
	return name_or_error(&call, entry ? entry->h_name : NULL);
}

/* Both calls use version 3: two 32-bit words of effective, permitted and inheritable capabilities. */
static int64_t capabilities(int call, struct bytes sets)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	int64_t result;

	if (sets.length != sizeof(data)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(data, sets.data, sizeof(data));
	result = syscall(call, &header, data);
	memcpy(sets.data, data, sizeof(data));
	return result;
}

SYSTEM_CALL(call_capget, BYTES(sets, 0), capabilities(SYS_capget, sets))
SYSTEM_CALL(call_capset, BYTES(sets, 0), capabilities(SYS_capset, sets))

static napi_value call_if_index_to_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	unsigned index = (unsigned)integer(&call, 0);
	char name[IF_NAMESIZE];
	napi_value result = NULL;

	if (call.bad)
		return refuse(&call);
	if (!if_indextoname(index, name))
		return number(&call, -errno);
	napi_create_buffer_copy(env, strlen(name), name, NULL, &result);
	return result;
}

static void free_strings(char **strings)
{
	for (char **at = strings; at && *at; at++)
		free(*at);
	free(strings);
}

/* A NULL-terminated array of copies of an array of buffers and of the strings in `tail`, or NULL. */
static char **copy_strings(napi_env env, napi_value array, char *const *tail)
{
	uint32_t length;
	size_t extra = 0;
	char **strings;

	if (napi_get_array_length(env, array, &length) != napi_ok)
		return NULL;
	while (tail && tail[extra])
		extra++;
	strings = calloc((size_t)length + extra + 1, sizeof(*strings));
	for (size_t at = 0; strings && at < length + extra; at++) {
		napi_value element;

		if (at >= length)
			strings[at] = strdup(tail[at - length]);
		else if (napi_get_element(env, array, (uint32_t)at, &element) == napi_ok)
			strings[at] = copy_string(env, element);
		if (!strings[at]) {
			free_strings(strings);
			return NULL;
		}
	}
	return strings;
}

typedef int64_t execute_function(const char *path, char **argv, char **environment);

/* The common part of execve and spawn: path, words, and environment before the process's own. */
static napi_value execute(napi_env env, napi_callback_info info, execute_function *function)
{
	struct call call = begin(env, info);
	char *path = string(&call, 0);
	char **argv = copy_strings(env, call.value[1], NULL);
	char **environment = copy_strings(env, call.value[2], environ);
	int64_t result = 0;

	if (!argv || !environment)
		call.bad = true;
	if (!call.bad)
		result = function(path, argv, environment);
	free_strings(argv);
	free_strings(environment);
	if (call.bad)
		return refuse(&call);
	release(&call);
	return number(&call, result);
}

static int64_t replace_process(const char *path, char **argv, char **environment)
{
	int error;

	set_signals_ignored_by_node(SIG_DFL);
	execve(path, argv, environment);
	error = errno;
	set_signals_ignored_by_node(SIG_IGN);
	return -error;
}

/*
 * posix_spawn(3) would make the child ignore the signals that the C library uses itself. In the child of vfork none
 * of Node's signal handlers may run: all signals are blocked until there is none left.
 */
static int64_t spawn_process(const char *path, char **argv, char **environment)
{
	sigset_t all, before;
	volatile int error = 0;
	pid_t child;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	child = vfork();
	if (!child) {
		reset_signal_handlers();
		set_signals_ignored_by_node(SIG_DFL);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		execve(path, argv, environment);
		error = errno;
		_exit(EXIT_FAILURE);
	}
	if (child < 0)
		error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error && child > 0)
		waitpid(child, NULL, 0);
	return error ? -error : child;
}

static napi_value call_execve(napi_env env, napi_callback_info info)
{
	return execute(env, info, replace_process);
}

static napi_value call_spawn(napi_env env, napi_callback_info info)
{
	return execute(env, info, spawn_process);
}

static int64_t wait_status(pid_t child, int options)
{
	pid_t result;
	int status = 0;

	do
		result = waitpid(child, &status, options);
	while (result < 0 && errno == EINTR);
	return result < 0 ? -1 : status;
}

SYSTEM_CALL(call_waitpid, INT(child, 0) INT(options, 1), wait_status(child, options))

/* isatty(3) answers 0 for what is no terminal; what went wrong is of no interest. */
SYSTEM_CALL(call_isatty, INT(fd, 0), isatty(fd) == 1)

static int64_t end_process(int status)
{
	_exit(status);
}

SYSTEM_CALL(call_exit, INT(status, 0), end_process(status))

static const struct {
	const char *name;
	napi_callback call;
} functions[] = {
	{ "checksum", call_checksum },
	{ "setns", call_setns },
	{ "unshare", call_unshare },
	{ "mount", call_mount },
	{ "umount2", call_umount2 },
	{ "fsopen", call_fsopen },
	{ "fsconfigCreate", call_fsconfig_create },
	{ "fsmount", call_fsmount },
	{ "flock", call_flock },
	{ "ioctl", call_ioctl },
	{ "ioctlBytes", call_ioctl_bytes },
	{ "ioctlInterface", call_ioctl_interface },
	{ "socket", call_socket },
	{ "close", call_close },
	{ "giveAway", call_give_away },
	{ "send", call_send },
	{ "recv", call_recv },
	{ "setsockopt", call_setsockopt },
	{ "getsockopt", call_getsockopt },
	{ "getsockoptBytes", call_getsockopt_bytes },
	{ "netlinkPort", call_netlink_port },
	{ "netlinkBind", call_netlink_bind },
	{ "netlinkConnect", call_netlink_connect },
	{ "bind", call_bind },
	{ "listen", call_listen },
	{ "accept", call_accept },
	{ "describePeer", call_describe_peer },
	{ "describeProcess", call_describe_process },
	{ "watch", call_watch },
	{ "unwatch", call_unwatch },
	{ "receiveDatagrams", call_receive_datagrams },
	{ "ifNameToIndex", call_if_name_to_index },
	{ "ifIndexToName", call_if_index_to_name },
	{ "bpfOpenPinned", call_bpf_open_pinned },
	{ "bpfOpenProgram", call_bpf_open_program },
	{ "bpfObjectInfo", call_bpf_object_info },
	{ "bpfLoad", call_bpf_load },
	{ "bpfAttach", call_bpf_attach },
	{ "inotifyInit", call_inotify_init },
	{ "inotifyAddWatch", call_inotify_add_watch },
	{ "fcntl", call_fcntl },
	{ "prctl", call_prctl },
	{ "capget", call_capget },
	{ "capset", call_capset },
	{ "userId", call_user_id },
	{ "groupId", call_group_id },
	{ "userName", call_user_name },
	{ "groupName", call_group_name },
	{ "hostName", call_host_name },
	{ "execve", call_execve },
	{ "spawn", call_spawn },
	{ "waitpid", call_waitpid },
	{ "isatty", call_isatty },
	{ "exit", call_exit },
};

NAPI_MODULE_INIT()
{
	for (size_t at = 0; at < COUNT(functions); at++) {
		napi_value function;

		if (napi_create_function(env, functions[at].name, NAPI_AUTO_LENGTH, functions[at].call, NULL, &function) !=
			    napi_ok ||
		    napi_set_named_property(env, exports, functions[at].name, function) != napi_ok)
			return NULL;
	}
	if (keep_descriptors(env) != napi_ok)
		return NULL;
	return take_start_record(env, exports) == napi_ok ? exports : NULL;
}
