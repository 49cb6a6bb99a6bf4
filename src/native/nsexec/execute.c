/*
 * execvp(3) as the GNU C library has it, which other C libraries do otherwise: a file without a format is a script of
 * the shell, and a folder that cannot be searched is passed over but not forgotten.
 */
#include "nsexec.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char SHELL[] = "/bin/sh";
static const char DEFAULT_PATH[] = "/bin:/usr/bin";

static void execute_script(const char *path, char **words)
{
	size_t count = 0;
	char **shell_words;

	while (words[count])
		count++;
	shell_words = calloc(count + 2, sizeof(*shell_words));
	if (!shell_words)
		return;
	shell_words[0] = (char *)SHELL;
	shell_words[1] = (char *)path;
	if (count > 1)
		memcpy(shell_words + 2, words + 1, (count - 1) * sizeof(*words));
	execve(SHELL, shell_words, environ);
	free(shell_words);
}

static void execute(const char *path, char **words)
{
	execve(path, words, environ);
	if (errno == ENOEXEC)
		execute_script(path, words);
}

/* Whether another folder of the path may still have the program. */
static bool may_be_elsewhere(int error)
{
	switch (error) {
	case EACCES:
	case ENOENT:
	case ENOTDIR:
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

static void search(const char *folders, const char *name, char **words)
{
	bool was_denied = false;
	char path[PATH_MAX + NAME_MAX + 2];

	for (;; folders++) {
		size_t length = strcspn(folders, ":");

		if (length < PATH_MAX) {
			memcpy(path, folders, length);
			if (length)
				path[length] = '/';
			strcpy(path + length + (length > 0), name);
			execute(path, words);
			if (!may_be_elsewhere(errno))
				return;
			was_denied |= errno == EACCES;
		}
		folders += length;
		if (!*folders)
			break;
	}
	if (was_denied)
		errno = EACCES;
}

void execute_by_name(char **words)
{
	const char *folders = getenv("PATH");

	if (!*words[0])
		errno = ENOENT;
	else if (strchr(words[0], '/'))
		execute(words[0], words);
	else if (strnlen(words[0], NAME_MAX + 1) > NAME_MAX)
		errno = ENAMETOOLONG;
	else
		search(folders ? folders : DEFAULT_PATH, words[0], words);
}
