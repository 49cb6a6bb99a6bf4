/* The other place of a file that is mounted over another one. Source: proc_pid_mountinfo(5). */
#include "origin.h"
#include "system.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/syscall.h>

enum {
	/* Longer lists are not read to their end. */
	MAX_MOUNTS = 64 << 10,
	FIELDS_BEFORE_DEVICE = 2,
};

struct mount {
	const char *device; /* MAJOR:MINOR */
	const char *root;   /* the path in the file system that is mounted */
	const char *place;
};

static bool are_equal(const char *one, const char *other)
{
	return length_of(one) == length_of(other) && begins_with(one, other);
}

static size_t read_mounts(char *into, size_t size)
{
	long file = system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/mountinfo", O_RDONLY | O_CLOEXEC, 0);
	size_t length = 0;
	long count;

	if (file < 0)
		return 0;
	while (length < size && (count = system_call(SYS_read, file, (long)(into + length), (long)(size - length), 0)) > 0)
		length += (size_t)count;
	system_call(SYS_close, file, 0, 0, 0);
	while (length && into[length - 1] != '\n')
		length--;
	return length;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '7';
}

/* Ends the field at `*at`, in which blanks and the like are written as `\040`, and goes on to the next one. */
static const char *next_field(char **at)
{
	char *start = *at, *from = start, *to = start;

	while (*from != ' ' && *from != '\n') {
		if (*from == '\\' && is_digit(from[1]) && is_digit(from[2]) && is_digit(from[3])) {
			*to++ = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0');
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*at = *from == '\n' ? from : from + 1;
	*to = 0;
	return start;
}

/* Reads the line at `*at`, which ends with a newline, and goes on to the next one. */
static struct mount next_mount(char **at)
{
	char *end = *at;
	struct mount mount;

	while (*end != '\n')
		end++;
	for (int field = 0; field < FIELDS_BEFORE_DEVICE; field++)
		next_field(at);
	mount.device = next_field(at);
	mount.root = next_field(at);
	mount.place = next_field(at);
	*at = end + 1;
	return mount;
}

/* What follows `root` in the path of `file`, beginning with a slash; NULL if it is not below it. */
static const char *below(const char *file, const char *root)
{
	size_t length = length_of(root);

	if (length == 1)
		return file;
	return begins_with(file, root) && file[length] == '/' ? file + length : NULL;
}

bool find_origin(struct text *origin, const struct text *self, int number)
{
	char list[MAX_MOUNTS], copy[MAX_MOUNTS];
	struct mount own = { NULL, NULL, NULL };
	size_t length = read_mounts(list, sizeof(list));

	for (size_t at = 0; at < length; at++)
		copy[at] = list[at];
	for (char *at = copy; at < copy + length;) {
		struct mount mount = next_mount(&at);

		if (are_equal(mount.place, self->start))
			own = mount;
	}
	for (char *at = list; own.place && at < list + length;) {
		struct mount mount = next_mount(&at);
		const char *rest = below(own.root, mount.root);

		if (!rest || !are_equal(mount.device, own.device) || are_equal(mount.place, own.place) || number--)
			continue;
		origin->length = 0;
		if (length_of(mount.place) > 1)
			add(origin, mount.place);
		add(origin, rest);
		return !origin->full;
	}
	return false;
}
