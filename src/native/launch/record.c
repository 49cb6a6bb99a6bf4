/* What the launcher records of the process, and hides from Node, for the addon to restore. */
#include "record.h"
#include "../start-record.h"
#include "system.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum {
	/* libuv goes on to the first closed descriptor above this one. */
	LAST_TRIED_DESCRIPTOR = 15,
	SIGNAL_SET_SIZE = 8,
	BLOCK_SIGNALS = 0, /* SIG_BLOCK */
	IGNORED = 1,       /* SIG_IGN */
};

/* The kernel's struct sigaction begins with the handler, and is not longer than this. */
struct action {
	uintptr_t handler;
	unsigned long rest[7];
};

static uint64_t ignored_signals(void)
{
	uint64_t set = 0;

	for (int number = 1; number < FIRST_KEPT_SIGNAL; number++) {
		struct action action;

		if (!system_call(SYS_rt_sigaction, number, 0, (long)&action, SIGNAL_SET_SIZE) && action.handler == IGNORED)
			set |= UINT64_C(1) << (number - 1);
	}
	return set;
}

static uint64_t blocked_signals(void)
{
	uint64_t set = 0;

	system_call(SYS_rt_sigprocmask, BLOCK_SIGNALS, 0, (long)&set, SIGNAL_SET_SIZE);
	return set;
}

static bool is_open(int descriptor)
{
	return system_call(SYS_fcntl, descriptor, F_GETFD, 0, 0) >= 0;
}

static void add_open_descriptors(struct text *text)
{
	const char *separator = "";

	for (int first = 0; first <= LAST_TRIED_DESCRIPTOR; first++) {
		int end = first;

		while (is_open(end))
			end++;
		if (end == first)
			continue;
		add(text, separator);
		add_number(text, (uint64_t)first, 10);
		if (end - first > 1) {
			add(text, "-");
			add_number(text, (uint64_t)end - 1, 10);
		}
		separator = ",";
		first = end;
	}
}

void write_record(struct text *text)
{
	add(text, START_RECORD);
	add_number(text, limit_of(RLIMIT_NOFILE).soft, 10);
	add(text, " ");
	add_number(text, ignored_signals(), 16);
	add(text, " ");
	add_number(text, blocked_signals(), 16);
	add(text, " ");
	add_open_descriptors(text);
}

static bool is_for_another_node(const char *variable)
{
	if (*variable != FIRST_LETTER_OF_NODE || !begins_with(variable + 1, REST_OF_NODE))
		return false;
	return !begins_with(variable + 1, REST_OF_NODE_OPTIONS) || !contains(variable, PLUG_AND_PLAY);
}

void hide(char *variable)
{
	bool is_for_openssl = *variable == FIRST_LETTER_OF_OPENSSL && begins_with(variable + 1, REST_OF_OPENSSL);

	if (is_for_openssl || is_for_another_node(variable))
		*variable = HIDING_LETTER;
}
