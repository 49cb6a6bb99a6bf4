/* Steps that open, enter and leave namespaces. */
#include "nsexec.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* From headers newer than the kernels that we also run on. */
enum {
	PIDFD_FILE_SYSTEM = 0x50494446, /* PID_FS_MAGIC */
	HANDLE_FOR_ID = 0x200,          /* AT_HANDLE_FID */
};
#define PIDFD_IOCTL_TYPE 0xff
#define PIDFD_GET_USER_NAMESPACE_NUMBER 9

int fill_slot(struct state *state, long slot, int descriptor)
{
	if (descriptor < 0)
		return -1;
	if (state->slots[slot] >= 0)
		close(state->slots[slot]);
	state->slots[slot] = descriptor;
	return 0;
}

static int open_process(long pid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
}

int step_open(struct state *state, const union argument *argument)
{
	return fill_slot(state, argument[0].number, open(argument[1].text, O_RDONLY | O_CLOEXEC));
}

/* Takes over a descriptor that this process was started with; the program at the end shall not see it. */
int step_adopt(struct state *state, const union argument *argument)
{
	int descriptor = (int)argument[1].number;

	if (fcntl(descriptor, F_SETFD, FD_CLOEXEC))
		return -1;
	return fill_slot(state, argument[0].number, descriptor);
}

int step_pidfd(struct state *state, const union argument *argument)
{
	return fill_slot(state, argument[0].number, open_process(argument[1].number));
}

/* Since Linux 6.9 a pidfd's inode number is unique to its process. */
static int compare_inode(struct state *state, int pidfd, const char *text)
{
	struct statfs file_system;
	struct stat status;

	if (fstatfs(pidfd, &file_system) || (unsigned long)file_system.f_type != PIDFD_FILE_SYSTEM) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (fstat(pidfd, &status))
		return fail(state, "failed to statx() pidfd");
	if (status.st_ino != strtoull(text, NULL, 10)) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

int step_check_pidfd(struct state *state, const union argument *argument)
{
	int pidfd = open_process(argument[0].number);
	int result;

	if (pidfd < 0)
		return -1;
	result = compare_inode(state, pidfd, argument[1].text);
	close(pidfd);
	return result;
}


union handle_space {
	struct file_handle header;
	char space[sizeof(struct file_handle) + 16];
};

/* A descriptor of our own namespace of a kind: nsfs is opened through it. */
static int open_own_namespace(unsigned ioctl_number)
{
	int pidfd = open_process(getpid());
	int namespace;

	if (pidfd < 0)
		return -1;
	namespace = ioctl(pidfd, _IO(PIDFD_IOCTL_TYPE, ioctl_number), 0);
	close(pidfd);
	return namespace;
}

int step_namespace_by_id(struct state *state, const union argument *argument)
{
	union handle_space handle = { .header.handle_bytes = 16 };
	uint64_t id = strtoull(argument[2].text, NULL, 10);
	int mount_id, result;
	int own = open_own_namespace((unsigned)argument[1].number);

	if (own < 0)
		return fail(state, "%s", argument[3].text);
	if (name_to_handle_at(own, "", &handle.header, &mount_id, AT_EMPTY_PATH | HANDLE_FOR_ID)) {
		close(own);
		return fail(state, "%s", argument[3].text);
	}
	/* The id alone identifies: type and inode number may be 0. */
	memset(handle.header.f_handle, 0, 16);
	memcpy(handle.header.f_handle, &id, sizeof(id));
	result = fill_slot(state, argument[0].number, open_by_handle_at(own, &handle.header, O_RDONLY | O_CLOEXEC));
	close(own);
	return result;
}

int step_user_namespace(struct state *state, const union argument *argument)
{
	int pidfd = state->slots[argument[1].number];

	return fill_slot(state, argument[0].number,
			 ioctl(pidfd, _IO(PIDFD_IOCTL_TYPE, PIDFD_GET_USER_NAMESPACE_NUMBER), 0));
}

int step_parent(struct state *state, const union argument *argument)
{
	return fill_slot(state, argument[0].number, ioctl(state->slots[argument[1].number], NS_GET_USERNS));
}

int step_socket_namespace(struct state *state, const union argument *argument)
{
	int pidfd = state->slots[argument[1].number];
	int number = (int)argument[2].number;
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	if (copy < 0)
		return fail(state, "pidfd_getfd(%d, %d)", pidfd, number);
	if (fill_slot(state, argument[0].number, ioctl(copy, SIOCGSKNS, NULL)))
		return fail(state, "ioctl(%d, SIOCGSKNS)", copy);
	close(copy);
	return 0;
}

int step_setns(struct state *state, const union argument *argument)
{
	return setns(state->slots[argument[0].number], (int)argument[1].number);
}

int step_target(struct state *state, const union argument *argument)
{
	if (state->target_count == MOST_TARGETS) {
		errno = E2BIG;
		return -1;
	}
	state->targets[state->target_count++] = (struct target){
		.slot = argument[0].number,
		.type = (int)argument[1].number,
		.phrase = *state->outcome ? state->outcome + 1 : "",
	};
	return 0;
}

static bool has_descriptor(const struct state *state, const struct target *target)
{
	return state->slots[target->slot] >= 0;
}

/* The targets still to enter that have no own descriptor, as flags for a pidfd. */
static int flags_by_process(const struct state *state)
{
	int flags = 0;

	for (size_t at = 0; at < state->target_count; at++)
		if (!state->targets[at].done && !has_descriptor(state, &state->targets[at]))
			flags |= state->targets[at].type;
	return flags;
}

static int enter_by_process(struct state *state, int pidfd, int flags)
{
	if (!flags)
		return 0;
	if (setns(pidfd, flags))
		return -1;
	for (size_t at = 0; at < state->target_count; at++)
		if (flags & state->targets[at].type && !has_descriptor(state, &state->targets[at]))
			state->targets[at].done = true;
	return 0;
}

static int enter_by_descriptor(struct state *state, struct target *target)
{
	if (target->done || !has_descriptor(state, target))
		return 0;
	if (setns(state->slots[target->slot], target->type))
		return -1;
	target->done = true;
	return 0;
}

int step_enter(struct state *state, const union argument *argument)
{
	int pidfd = state->slots[argument[0].number];

	enter_by_process(state, pidfd, flags_by_process(state) & ~CLONE_NEWUSER);
	for (size_t at = 0; at < state->target_count; at++)
		if (state->targets[at].type != CLONE_NEWUSER)
			enter_by_descriptor(state, &state->targets[at]);

	if (enter_by_process(state, pidfd, flags_by_process(state)))
		return -1;
	for (size_t at = 0; at < state->target_count; at++)
		if (enter_by_descriptor(state, &state->targets[at])) {
			state->phrase = state->targets[at].phrase;
			return -1;
		}
	return 0;
}

int step_unshare(struct state *state, const union argument *argument)
{
	(void)state;
	return unshare((int)argument[0].number);
}

int step_hostname(struct state *state, const union argument *argument)
{
	(void)state;
	return sethostname(argument[0].text, strlen(argument[0].text));
}
