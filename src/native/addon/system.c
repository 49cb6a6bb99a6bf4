/* Namespaces, mounts, files, ioctls, BPF, capabilities: one function for each system call. */
#include "calls.h"
#include "checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/mount.h, which not every C library has. */
#ifndef FSOPEN_CLOEXEC
#define FSOPEN_CLOEXEC 1
#define FSMOUNT_CLOEXEC 1
#define FSCONFIG_CMD_CREATE 6
#endif

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

static int64_t name_to_index(const char *name)
{
	unsigned index = if_nametoindex(name);

	return index ? (int64_t)index : -1;
}

SYSTEM_CALL(call_if_name_to_index, STRING(name, 0), name_to_index(name))

SYSTEM_CALL(call_checksum, BYTES(data, 0), (int64_t)checksum(data.data, data.length))

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

napi_value call_if_index_to_name(napi_env env, napi_callback_info info)
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

/* isatty(3) answers 0 for what is no terminal; what went wrong is of no interest. */
SYSTEM_CALL(call_isatty, INT(fd, 0), isatty(fd) == 1)
