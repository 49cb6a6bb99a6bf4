/*
 * The launcher: what bin/tsip, bin/tsnsenter and bin/tsunshare are when they have been built. It becomes Node with
 * the script that starts them all, start.cjs beside it, and tells it what Node undoes at its start; see
 * start-record.h. Node's words are the name that the program was called by, options for Node, the script, the name of
 * the program, and the words given.
 */
#include "launch-system.h"
#include "start-record.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	STDERR = 2,
	MOST_LINKS = 40,
	MOST_RECORD = 256,
	/* libuv goes on to the first closed descriptor above this one. */
	LAST_TRIED_DESCRIPTOR = 15,
	SIGNAL_SET_SIZE = 8,
	BLOCK_SIGNALS = 0, /* SIG_BLOCK */
	IGNORED = 1,       /* SIG_IGN */
};

/*
 * Options that make Node start sooner. --random-seed: V8 draws prime numbers to hash strings with, which takes a tenth
 * of its start, and of many seeds this one has it find them first; what hashes are taken of here are names and words of
 * a single call. --v8-pool-size: more threads than one compete with what they compile for.
 */
static char *const node_options[] = { "--random-seed=10331", "--v8-pool-size=1" };
enum { OPTIONS = sizeof(node_options) / sizeof(*node_options) };

/* The kernel's struct sigaction begins with the handler, and is not longer than this. */
struct action {
	uintptr_t handler;
	unsigned long rest[7];
};

/* Text that grows up to a limit; what does not fit makes it `full`. */
struct text {
	char *start;
	size_t length;
	size_t size;
	bool full;
};

static size_t length_of(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

static bool begins_with(const char *text, const char *beginning)
{
	while (*beginning)
		if (*text++ != *beginning++)
			return false;
	return true;
}

static void add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (length >= text->size - text->length) {
		text->full = true;
		return;
	}
	for (size_t at = 0; at < length; at++)
		text->start[text->length++] = bytes[at];
	text->start[text->length] = 0;
}

static void add(struct text *text, const char *more)
{
	add_bytes(text, more, length_of(more));
}

static void add_number(struct text *text, uint64_t number, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	add_bytes(text, digits + at, sizeof(digits) - at);
}

/* The last part of a path: what follows its last slash. */
static const char *base_of(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

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

static void write_record(struct text *text)
{
	struct { uint64_t soft, hard; } limit = { 0, 0 };

	add(text, START_RECORD);
	system_call(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&limit);
	add_number(text, limit.soft, 10);
	add(text, " ");
	add_number(text, ignored_signals(), 16);
	add(text, " ");
	add_number(text, blocked_signals(), 16);
	add(text, " ");
	add_open_descriptors(text);
}

static void hide(char *variable)
{
	bool is_for_node = *variable == FIRST_LETTER_OF_NODE && begins_with(variable + 1, REST_OF_NODE) &&
			   !begins_with(variable + 1, REST_OF_NODE_OPTIONS);
	bool is_for_openssl = *variable == FIRST_LETTER_OF_OPENSSL && begins_with(variable + 1, REST_OF_OPENSSL);

	if (is_for_node || is_for_openssl)
		*variable = HIDING_LETTER;
}

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
	for (int links = 0; links < MOST_LINKS && read_link(path->start, target) > 0; links++) {
		path->length = *target == '/' ? 0 : (size_t)(base_of(path->start) - path->start);
		add(path, target);
	}
}

/* The path of this very file, whatever links led to it. */
static void find_self(struct text *path, char **environment)
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

static long execute(const char *path, char **argv, char **environment)
{
	return system_call(SYS_execve, (long)path, (long)argv, (long)environment, 0);
}

static const char *value_of(char **environment, const char *name_and_equals)
{
	for (; *environment; environment++)
		if (begins_with(*environment, name_and_equals))
			return *environment + length_of(name_and_equals);
	return NULL;
}

/* Looks `node` up as `/usr/bin/env node` would. Returns only if there is none. */
static long execute_from_path(char **argv, char **environment)
{
	const char *folders = value_of(environment, "PATH=");
	long error = -ENOENT;

	if (!folders)
		folders = "/bin:/usr/bin";
	for (;; folders++) {
		char space[PATH_MAX];
		struct text path = { space, 0, sizeof(space), false };
		size_t length = 0;
		long result;

		while (folders[length] && folders[length] != ':')
			length++;
		add_bytes(&path, folders, length);
		add(&path, length ? "/node" : "node");
		result = path.full ? -ENOENT : execute(path.start, argv, environment);
		if (error == -ENOENT && result != -ENOTDIR)
			error = result;
		folders += length;
		if (!*folders)
			return error;
	}
}

static _Noreturn void give_up(const char *name, const char *problem, const char *reason)
{
	char space[PATH_MAX];
	struct text line = { space, 0, sizeof(space), false };

	add(&line, base_of(name));
	add(&line, ": ");
	add(&line, problem);
	add(&line, reason);
	add(&line, "\n");
	system_call(SYS_write, STDERR, (long)line.start, (long)line.length, 0);
	for (;;)
		system_call(SYS_exit_group, 1, 0, 0, 0);
}

static const char *reason_of(long error)
{
	switch (-error) {
	case ENOENT:
		return ": No such file or directory";
	case EACCES:
		return ": Permission denied";
	case E2BIG:
		return ": Argument list too long";
	case ENOMEM:
		return ": Cannot allocate memory";
	default:
		return "";
	}
}

static size_t count(char **strings)
{
	size_t number = 0;

	while (strings[number])
		number++;
	return number;
}

_Noreturn void launch(char **argv)
{
	size_t words = count(argv);
	char **environment = argv + words + 1;
	size_t variables = count(environment);
	char *node_argv[OPTIONS + words + 4], *node_environment[variables + 2];
	char record_space[MOST_RECORD], self_space[PATH_MAX], script_space[PATH_MAX], node_space[PATH_MAX];
	struct text record = { record_space, 0, sizeof(record_space), false };
	struct text self = { self_space, 0, sizeof(self_space), false };
	struct text script = { script_space, 0, sizeof(script_space), false };
	struct text node = { node_space, 0, sizeof(node_space), false };
	char nameless[] = "", *name = words ? argv[0] : nameless;
	size_t folder, next = 0;
	long error;

	find_self(&self, environment);
	folder = (size_t)(base_of(self.start) - self.start);
	add_bytes(&script, self.start, folder);
	add(&script, "start.cjs");
	add_bytes(&node, self.start, folder);
	add(&node, "../build/Release/node");
	if (script.full || node.full || system_call(SYS_faccessat, AT_FDCWD, (long)script.start, F_OK, 0))
		give_up(name, "is not in the folder that it belongs to", "");

	write_record(&record);
	node_environment[0] = record.start;
	for (size_t at = 0; at <= variables; at++) {
		if (environment[at])
			hide(environment[at]);
		node_environment[at + 1] = environment[at];
	}
	node_argv[next++] = name;
	for (size_t at = 0; at < OPTIONS; at++)
		node_argv[next++] = node_options[at];
	node_argv[next++] = script.start;
	node_argv[next++] = self.start + folder;
	for (size_t at = 1; at < words; at++)
		node_argv[next++] = argv[at];
	node_argv[next] = NULL;

	/* The Node that built us has also made the addon and the code cache; another will do. */
	error = execute(node.start, node_argv, node_environment);
	if (error != -E2BIG)
		error = execute_from_path(node_argv, node_environment);
	give_up(name, "cannot run node", reason_of(error));
}
