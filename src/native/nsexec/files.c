/* Steps that mount, write to the kernel's files, and move in the file system. */
#include "nsexec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

static const char CGROUP_FOLDER[] = "/sys/fs/cgroup";

int write_all(int descriptor, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(descriptor, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

char *read_all(int descriptor, size_t *length)
{
	size_t size = 0;
	char *text = NULL;

	for (*length = 0;;) {
		ssize_t count;

		if (size - *length < 2) {
			char *larger = realloc(text, size += 4096);

			if (!larger)
				break;
			text = larger;
		}
		count = read(descriptor, text + *length, size - *length - 1);
		if (count < 0)
			break;
		*length += (size_t)count;
		text[*length] = 0;
		if (!count)
			return text;
	}
	free(text);
	return NULL;
}

int step_mount(struct state *state, const union argument *argument)
{
	(void)state;
	return mount(argument[0].text, argument[1].text, argument[2].text, (unsigned long)argument[3].number,
		     *argument[4].text ? argument[4].text : NULL);
}

int step_make_private(struct state *state, const union argument *argument)
{
	(void)state;
	if (mount("none", argument[0].text, "", MS_PRIVATE | MS_REC, NULL) && errno != EINVAL)
		return -1;
	return 0;
}

int step_umount(struct state *state, const union argument *argument)
{
	(void)state;
	return umount2(argument[0].text, (int)argument[1].number);
}

int step_replace_sysfs(struct state *state, const union argument *argument)
{
	const char *source = argument[0].text, *target = argument[1].text;
	unsigned long flags = 0;
	struct statvfs status;

	(void)state;
	if (umount2(target, MNT_DETACH) && !statvfs(target, &status) && status.f_flag & ST_RDONLY)
		flags = MS_RDONLY;
	return mount(source, target, "sysfs", flags, NULL);
}

/* One write, as the kernel's files want it. */
static int write_file(int descriptor, const char *text, size_t length)
{
	ssize_t written = write(descriptor, text, length);
	int error = errno;

	close(descriptor);
	errno = error;
	return written < 0 ? -1 : 0;
}

int step_write(struct state *state, const union argument *argument)
{
	int descriptor = open(argument[0].text, O_WRONLY | O_CLOEXEC);

	if (descriptor < 0)
		return fail(state, "%s", argument[2].text);
	return write_file(descriptor, argument[1].text, strlen(argument[1].text));
}

/* A map of ids of the process that the plan began in, whose number its maker did not know. */
int step_map(struct state *state, const union argument *argument)
{
	char path[64];
	int descriptor;

	snprintf(path, sizeof(path), "/proc/%d/%.20s", (int)state->pid, argument[0].text);
	descriptor = open(path, O_WRONLY | O_CLOEXEC);
	if (descriptor < 0)
		return fail(state, "failed to open %s", path);
	if (write_file(descriptor, argument[1].text, strlen(argument[1].text)))
		return fail(state, "failed to write %s", path);
	return 0;
}

int step_chroot(struct state *state, const union argument *argument)
{
	(void)state;
	return chroot(argument[0].text);
}

int step_chdir(struct state *state, const union argument *argument)
{
	(void)state;
	return chdir(argument[0].text);
}

int step_fchdir(struct state *state, const union argument *argument)
{
	return fchdir(state->slots[argument[0].number]);
}

/*
 * The cgroup's path in the text of /proc/PID/cgroup: what follows the last colon of the first line that has
 * text. The original takes that one, too; with version 2 alone there is one line, `0::PATH`.
 */
static const char *cgroup_path(char *membership)
{
	char *line = membership + strspn(membership, "\n");
	char *colon;

	line[strcspn(line, "\n")] = 0;
	colon = strrchr(line, ':');
	return colon ? colon + 1 : NULL;
}

static char *read_membership(struct state *state, long pid)
{
	char path[64];
	size_t length;
	char *text;
	int descriptor;

	snprintf(path, sizeof(path), "/proc/%ld/cgroup", pid);
	descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0) {
		fail(state, "cannot open %s", path);
		return NULL;
	}
	text = read_all(descriptor, &length);
	if (!text)
		fail(state, "failed to get cgroup path");
	close(descriptor);
	return text;
}

static int open_cgroup(struct state *state, long slot, const char *cgroup)
{
	char path[PATH_MAX];

	if (!cgroup)
		return fail(state, "failed to get cgroup path: %s", text_of_error(0));
	snprintf(path, sizeof(path), "%s/%s/cgroup.procs", CGROUP_FOLDER, cgroup);
	if (fill_slot(state, slot, open(path, O_WRONLY | O_APPEND | O_CLOEXEC)))
		return fail(state, "failed to open cgroup.procs");
	return 0;
}

int step_find_cgroup(struct state *state, const union argument *argument)
{
	long pid = argument[1].number;
	struct statfs status;
	char *membership;
	int result;

	if (statfs(CGROUP_FOLDER, &status))
		return fail(state, "statfs %s failed", CGROUP_FOLDER);
	errno = 0;
	if (status.f_type != CGROUP2_SUPER_MAGIC)
		return fail(state, "--join-cgroup is only supported in cgroup v2");
	if (!pid)
		return fail(state, "neither filename nor target pid supplied for cgroup");
	membership = read_membership(state, pid);
	if (!membership)
		return -1;
	errno = 0;
	result = open_cgroup(state, argument[0].number, cgroup_path(membership));
	free(membership);
	return result;
}

int step_join_cgroup(struct state *state, const union argument *argument)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	if (write_all(state->slots[argument[0].number], pid, strlen(pid)))
		return fail(state, "write cgroup.procs failed");
	return 0;
}

/* A descriptor that is closed, or that nobody reads, wants no text: that is no failure. */
int step_print(struct state *state, const union argument *argument)
{
	(void)state;
	if (!write_all((int)argument[0].number, argument[1].text, strlen(argument[1].text)))
		return 0;
	return errno == EBADF || errno == EPIPE ? 0 : -1;
}
