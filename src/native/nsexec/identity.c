/* Steps that change who the process is: groups, users, capabilities, security context. */
#include "nsexec.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int step_setgroups(struct state *state, const union argument *argument)
{
	(void)argument;
	if (!setgroups(0, NULL))
		return 0;
	state->kept_groups = true;
	return -1;
}

int step_setgroups_again(struct state *state, const union argument *argument)
{
	(void)argument;
	return setgroups(0, NULL) && state->kept_groups ? -1 : 0;
}

/* The groups are a list of numbers with commas between them; none if it is empty. */
int step_groups(struct state *state, const union argument *argument)
{
	static gid_t groups[MOST_GROUPS];
	const char *text = argument[0].text;
	size_t count = 0;

	(void)state;
	while (*text) {
		char *end;
		unsigned long group = strtoul(text, &end, 10);

		if (end == text || (*end && *end != ',') || count == MOST_GROUPS) {
			errno = EINVAL;
			return -1;
		}
		groups[count++] = (gid_t)group;
		text = *end ? end + 1 : end;
	}
	return setgroups(count, groups);
}

/* The next setuid leaves the permitted capabilities as they are. */
int step_hold_capabilities(struct state *state, const union argument *argument)
{
	(void)state;
	(void)argument;
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

int step_setgid(struct state *state, const union argument *argument)
{
	(void)state;
	return setgid((gid_t)argument[0].number);
}

int step_setuid(struct state *state, const union argument *argument)
{
	(void)state;
	return setuid((uid_t)argument[0].number);
}

int step_setgid_of(struct state *state, const union argument *argument)
{
	struct stat status;

	if (fstat(state->slots[argument[0].number], &status))
		return fail(state, "can not get process stat");
	return setgid(status.st_gid);
}

int step_setuid_of(struct state *state, const union argument *argument)
{
	struct stat status;

	if (fstat(state->slots[argument[0].number], &status))
		return fail(state, "can not get process stat");
	return setuid(status.st_uid);
}

int step_keep_capabilities(struct state *state, const union argument *argument)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
	uint64_t permitted;

	(void)argument;
	if (syscall(SYS_capget, &header, sets))
		return fail(state, "capget failed");
	sets[0].inheritable = sets[0].permitted;
	sets[1].inheritable = sets[1].permitted;
	if (syscall(SYS_capset, &header, sets))
		return fail(state, "capset failed");
	permitted = (uint64_t)sets[1].permitted << 32 | sets[0].permitted;
	for (unsigned long capability = 0; capability < 64; capability++)
		if (permitted >> capability & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))
			return fail(state, "prctl(PR_CAP_AMBIENT) failed");
	return 0;
}

/* A context is one line in /proc; writing it to attr/exec makes the next execve take it. */
int step_follow_context(struct state *state, const union argument *argument)
{
	char path[64];
	size_t length;
	char *context = NULL;
	int source, destination, result;

	snprintf(path, sizeof(path), "/proc/%ld/attr/current", argument[0].number);
	source = open(path, O_RDONLY | O_CLOEXEC);
	if (source >= 0)
		context = read_all(source, &length);
	if (!context)
		return fail(state, "failed to get %ld SELinux context", argument[0].number);
	close(source);
	destination = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
	result = destination < 0 || write_all(destination, context, strlen(context) + 1);
	if (destination >= 0)
		close(destination);
	if (result)
		fail(state, "failed to set exec context to '%s'", context);
	free(context);
	return result ? -1 : 0;
}
