/*
 * Limits below which Node ends with its own trace, or with none. Checked before it starts, so that one line can
 * say what is missing.
 */
#include "limits.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum {
	/* Descriptors that Node opens at its start, and what the programs open at a time. */
	NODE_DESCRIPTORS = 17,
	/* Threads that Node starts, and those of libuv's pool: what asks it for work ends by abort() without them. */
	NODE_THREADS = 6 + 4,
	/* With so many processes left to start, nobody has to try. */
	MANY_PROCESSES = 1024,
};

/* Address space that V8 reserves at its start and the C library for each thread, nearly all of it unused. */
#define NODE_ADDRESS_SPACE (UINT64_C(1100) << 20)

static bool is_too_little(struct text *problem, const char *what, uint64_t limit, uint64_t needed)
{
	add(problem, "the limit of ");
	add(problem, what);
	add(problem, " is ");
	add_number(problem, limit, 10);
	add(problem, ", it needs ");
	add_number(problem, needed, 10);
	return false;
}

/* Node raises the soft limit to the hard one by itself. */
static bool has_descriptors(struct text *problem)
{
	uint64_t limit = limit_of(RLIMIT_NOFILE).hard, needed = NODE_DESCRIPTORS;

	if (limit > 2 * NODE_DESCRIPTORS)
		return true;
	for (uint64_t descriptor = 0; descriptor < limit; descriptor++)
		if (system_call(SYS_fcntl, (long)descriptor, F_GETFD, 0, 0) >= 0)
			needed++;
	return limit >= needed || is_too_little(problem, "open files (ulimit -n)", limit, needed);
}

static bool has_address_space(struct text *problem)
{
	uint64_t limit = limit_of(RLIMIT_AS).soft;

	return limit >= NODE_ADDRESS_SPACE ||
	       is_too_little(problem, "memory (ulimit -v)", limit >> 10, NODE_ADDRESS_SPACE >> 10);
}

static void wait_for(long child)
{
	while (system_call(SYS_wait4, child, 0, 0, 0) == -EINTR)
		;
}

/*
 * Threads count as processes of the user, whose number nobody reports; so as many are started as Node will. They wait
 * to be killed. Root may start any number.
 */
static bool has_threads(struct text *problem)
{
	uint64_t limit = limit_of(RLIMIT_NPROC).soft;
	long children[NODE_THREADS];
	int started = 0;

	if (limit > MANY_PROCESSES || system_call(SYS_geteuid, 0, 0, 0, 0) == 0)
		return true;
	for (; started < NODE_THREADS; started++) {
		children[started] = system_call(SYS_clone, SIGCHLD, 0, 0, 0);
		if (children[started] < 0)
			break;
		if (children[started] == 0)
			for (;;)
				system_call(SYS_ppoll, 0, 0, 0, 0);
	}
	for (int at = 0; at < started; at++) {
		system_call(SYS_kill, children[at], SIGKILL, 0, 0);
		wait_for(children[at]);
	}
	if (started == NODE_THREADS)
		return true;
	add(problem, "too few processes may be started (ulimit -u)");
	return false;
}

bool can_start_node(struct text *problem)
{
	return has_descriptors(problem) && has_address_space(problem) && has_threads(problem);
}
