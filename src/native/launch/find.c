/* How the launcher finds itself and Node. */
#include "find.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/limits.h>
#include <sys/syscall.h>

enum { MAX_LINKS = 40 };

static const char *called_path(char **environment)
{
	char **end = environment;

	while (*end)
		end++;
	for (const ElfW(auxv_t) *auxiliary = (ElfW(auxv_t) *)(end + 1); auxiliary->a_type != AT_NULL; auxiliary++)
		if (auxiliary->a_type == AT_EXECFN)
			return (const char *)auxiliary->a_un.a_val;
	return NULL;
}

static long read_link(const char *path, char *target)
{
	long length = system_call(SYS_readlinkat, AT_FDCWD, (long)path, (long)target, PATH_MAX - 1);

	if (length >= 0)
		target[length] = 0;
	return length;
}

/* Where /proc is missing: the path that we were called by, with what its last part links to, if it does. */
static void follow_links(struct text *path, const char *called)
{
	char target[PATH_MAX];

	if (*called != '/')
		add(path, "./"); /* Node must not take it for an option. */
	add(path, called);
	for (int links = 0; links < MAX_LINKS && read_link(path->start, target) > 0; links++) {
		path->length = *target == '/' ? 0 : (size_t)(base_of(path->start) - path->start);
		add(path, target);
	}
}

void find_self(struct text *path, char **environment)
{
	long length = read_link("/proc/self/exe", path->start);
	const char *called;

	if (length > 0) {
		path->length = (size_t)length;
		return;
	}
	called = called_path(environment);
	if (called)
		follow_links(path, called);
}

/* What has been tried. The first error that is not "no such file" is the one to report. */
struct attempt {
	char **argv;
	char **environment;
	struct text *failed;
	long error;
};

static void try_node(struct attempt *attempt, const char *folder, size_t length)
{
	char space[PATH_MAX];
	struct text path = TEXT(space);
	long error;

	add_bytes(&path, folder, length);
	add(&path, "/node");
	/* A relative folder depends on where the caller happens to be. */
	if (path.full || *path.start != '/')
		return;
	error = system_call(SYS_execve, (long)path.start, (long)attempt->argv, (long)attempt->environment, 0);
	if (error == -ENOENT || error == -ENOTDIR || attempt->error != -ENOENT)
		return;
	attempt->error = error;
	attempt->failed->length = 0;
	add(attempt->failed, path.start);
}

/* In PREFIX/lib/node_modules/tsip/, Node is PREFIX/bin/node. */
static void try_prefix(struct attempt *attempt, const struct text *package)
{
	static const char modules[] = "/lib/node_modules/";
	char space[PATH_MAX];
	struct text folder = TEXT(space);
	size_t parent = package->length;

	if (parent)
		parent--; /* its final slash */
	while (parent && package->start[parent - 1] != '/')
		parent--;
	if (!ends_with(package->start, parent, modules))
		return;
	add_bytes(&folder, package->start, parent - (sizeof(modules) - 1));
	add(&folder, "/bin");
	if (!folder.full)
		try_node(attempt, folder.start, folder.length);
}

static void try_folders(struct attempt *attempt, const char *folders)
{
	for (;; folders++) {
		size_t length = 0;

		while (folders[length] && folders[length] != ':')
			length++;
		try_node(attempt, folders, length);
		folders += length;
		if (!*folders)
			return;
	}
}

static const char *value_of(char **environment, const char *name_and_equals)
{
	for (; *environment; environment++)
		if (begins_with(*environment, name_and_equals))
			return *environment + length_of(name_and_equals);
	return "";
}

long execute_node(struct text *node, const struct text *self, const struct text *package, char **argv,
		  char **environment)
{
	struct attempt attempt = { argv, environment, node, -ENOENT };
	size_t folder = (size_t)(base_of(self->start) - self->start);

	if (folder)
		try_node(&attempt, self->start, folder - 1);
	try_prefix(&attempt, package);
	try_folders(&attempt, value_of(environment, "PATH="));
	try_folders(&attempt, "/usr/local/bin:/usr/bin:/bin");
	return attempt.error;
}
