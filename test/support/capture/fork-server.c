/*
 * Preloaded into an original `ip` together with fake-rtnetlink.c: starts its main() as often as it is asked to, each time
 * in a fresh child process that is as it was before main(). To load the program and its libraries takes ten times as long
 * as to run it.
 *
 * Takes effect where FORK_SERVER is set, in a program that is called `ip`. Requests are read from descriptor 3:
 *
 *     length of what follows, number of arguments, number of variables, M_PERTURB (-1: none)
 *     then texts, each with its NUL: the files for descriptors 0, 1 and 2, the arguments, the variables
 *
 * Descriptor 4 gets the status that wait() has of each run. Numbers have four bytes. The end of descriptor 3 ends the
 * server.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { requests = 3, answers = 4, max_request = 1 << 20, max_texts = 1 << 14, seconds_to_run = 20 };

/* Of fake-rtnetlink.c: reads the files that the environment names. */
void load_fakes(void);

struct request { uint32_t length, arguments, variables; int32_t perturb; };

/* Outside of stack and heap, which are to be as new when main() begins. Words as the kernel would lay them out. */
static char texts[max_request];
static char *words[max_texts];

extern char **environ;

typedef int start_function(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
			   void (*)(void), void *);

static bool read_all(void *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		const ssize_t got = read(requests, (char *)bytes + at, length - at);
		if (got <= 0)
			return false;
		at += got;
	}
	return true;
}

static void open_as(int fd, const char *path, int flags)
{
	const int opened = open(path, flags, 0600);
	if (opened < 0 || dup2(opened, fd) != fd)
		abort();
	if (opened != fd)
		close(opened);
}

/* In the child: makes it the process that the request describes. */
static void become(const struct request *request)
{
	char *text = texts;
	/* perror() copies its stream for both directions, and its failure would be seen in errno. */
	static const int flags[] = { O_RDONLY, O_RDWR | O_CREAT | O_TRUNC, O_RDWR | O_CREAT | O_TRUNC };
	close(requests);
	close(answers);
	for (int fd = 0; fd < 3; fd++, text += strlen(text) + 1)
		open_as(fd, text, flags[fd]);
	char **word = words;
	for (uint32_t i = 0; i < request->arguments; i++, text += strlen(text) + 1)
		*word++ = text;
	*word++ = NULL;
	environ = word;
	for (uint32_t i = 0; i < request->variables; i++, text += strlen(text) + 1)
		*word++ = text;
	*word = NULL;
	alarm(seconds_to_run);
	load_fakes();
	if (request->perturb >= 0)
		mallopt(M_PERTURB, request->perturb);
}

/* Returns in each child. */
static void serve(struct request *request)
{
	while (read_all(request, sizeof *request)) {
		if (request->length > sizeof texts || request->arguments + request->variables + 2 > max_texts ||
		    !read_all(texts, request->length))
			abort();
		const pid_t child = fork();
		if (child == 0)
			return become(request);
		int status;
		if (child < 0 || waitpid(child, &status, 0) != child || write(answers, &status, sizeof status) != sizeof status)
			abort();
	}
	_exit(0);
}

/* Memory that nothing has used is zero, and the original sends some of it. */
__attribute__((noinline)) static void clear_stack(void)
{
	volatile char below[1 << 16];
	for (size_t at = 0; at < sizeof below; at++)
		below[at] = 0;
}

int __libc_start_main(int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
		      void (*fini)(void), void (*unload)(void), void *stack_end)
{
	static struct request request;
	start_function *start = (start_function *)dlsym(RTLD_NEXT, "__libc_start_main");
	const char *slash = strrchr(arguments[0], '/');
	if (getenv("FORK_SERVER") && strcmp(slash ? slash + 1 : arguments[0], "ip") == 0) {
		serve(&request);
		clear_stack();
		count = request.arguments;
		arguments = words;
	}
	return start(main, count, arguments, init, fini, unload, stack_end);
}
