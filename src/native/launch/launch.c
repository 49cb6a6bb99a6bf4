/*
 * The launcher: what `tsip`, `tsnsenter` and `tsunshare` in native/CPU/ are, and `launch`, which bin/ starts with the
 * program and the name that it was called by as its first words. It becomes Node with the script that starts them all,
 * dist/bin/start.cjs, and records what Node undoes at its start; see ../start-record.h. Node's words are the name that the
 * program was called by, options for Node, the script, the name of the program, and the words given.
 */
#include "client.h"
#include "find.h"
#include "limits.h"
#include "origin.h"
#include "record.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/syscall.h>

enum { STDERR = 2, MAX_RECORD = 256, PROGRAM_WORDS = 2 };

/*
 * Makes Node start 2 to 3 ms sooner: V8 draws prime numbers to hash strings with, and of many seeds this one has it
 * find them first. So hashes are the same in every call; they are of names and words of a single call.
 */
static char seed_option[] = "--random-seed=10331";

/*
 * V8 collects garbage and optimizes on as many threads as there are processors, up to four, and they take the time of the
 * one that runs the program: with one of them a list of 4000 devices with -d takes 98 ms, with all 115 (two processors).
 */
static char threads_option[] = "--v8-pool-size=1";

static _Noreturn void give_up(const char *name, const char *problem, const char *subject, const char *reason)
{
	char space[PATH_MAX + 256];
	struct text line = TEXT(space);

	add(&line, base_of(name));
	add(&line, ": ");
	add(&line, problem);
	add(&line, subject);
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
	case ENOEXEC:
		return ": Exec format error";
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

/* The package's folder, two above the one that this file is in, or for one in run/ three, ended by a slash. */
static void find_package(struct text *package, const struct text *self)
{
	size_t end = self->length;
	int above = 2;

	package->length = 0;

	for (int levels = 0; levels <= above; levels++) {
		while (end && self->start[end - 1] != '/')
			end--;
		if (!levels && ends_with(self->start, end, "/run/"))
			above++;
		if (levels < above && end)
			end--;
	}
	add_bytes(package, self->start, end);
}

static void find_script(struct text *script, const struct text *package)
{
	script->length = 0;
	add_bytes(script, package->start, package->length);
	add(script, "dist/bin/start.cjs");
}

static bool is_there(const struct text *file)
{
	return !file->full && !system_call(SYS_faccessat, AT_FDCWD, (long)file->start, F_OK, 0);
}

/* Becomes Node; returns only if it cannot. */
static void become_node(const char *name, const struct text *self, const struct text *package, char **argv,
			char **environment)
{
	char space[PATH_MAX];
	struct text node = TEXT(space);
	long error;

	add(&node, "node");
	error = execute_node(&node, self, package, argv, environment);
	give_up(name, "cannot run ", node.start, reason_of(error));
}

/* The program that a file of this name stands for: inside `tsip run` it has the name of the original. */
static const char *program_of(const char *name)
{
	static const char *const names[][2] = {
		{ "ip", "tsip" },
		{ "nsenter", "tsnsenter" },
		{ "unshare", "tsunshare" },
	};

	for (size_t at = 0; at < sizeof(names) / sizeof(*names); at++)
		if (length_of(name) == length_of(names[at][0]) && begins_with(name, names[at][0]))
			return names[at][1];
	return name;
}

_Noreturn void launch(char **argv)
{
	size_t words = count(argv), variables, next = 0;
	char **environment = argv + words + 1;
	char record_space[MAX_RECORD], self_space[PATH_MAX], package_space[PATH_MAX], script_space[PATH_MAX];
	char problem_space[MAX_RECORD], origin_space[PATH_MAX];
	struct text record = TEXT(record_space), self = TEXT(self_space), package = TEXT(package_space);
	struct text script = TEXT(script_space), problem = TEXT(problem_space), origin = TEXT(origin_space);
	char nameless[] = "", *name = words ? argv[0] : nameless, *program;

	variables = count(environment);
	*self.start = *package.start = 0;
	find_self(&self, environment);
	find_package(&package, &self);
	program = self.start + (base_of(self.start) - self.start);
	if (begins_with(program, "launch") && words > PROGRAM_WORDS) {
		program = argv[1];
		name = argv[2];
		argv += PROGRAM_WORDS;
		words -= PROGRAM_WORDS;
	}
	call_engine(program_of(program), argv, environment);
	find_script(&script, &package);
	if (!is_there(&script) && engine_package(&package, environment))
		find_script(&script, &package);
	/* Mounted over another program, and the environment does not say from where. */
	for (int number = 0; !is_there(&script) && find_origin(&origin, &self, number); number++) {
		find_package(&package, &origin);
		find_script(&script, &package);
	}
	if (!is_there(&script))
		give_up(name, "is not in the folder that it belongs to", "", "");
	if (!can_start_node(&problem))
		give_up(name, "cannot run node: ", problem.start, "");

	char *node_argv[words + 5], *node_environment[variables + 2];

	write_record(&record);
	node_environment[0] = record.start;
	for (size_t at = 0; at <= variables; at++) {
		if (environment[at])
			hide(environment[at]);
		node_environment[at + 1] = environment[at];
	}
	node_argv[next++] = name;
	node_argv[next++] = seed_option;
	node_argv[next++] = threads_option;
	node_argv[next++] = script.start;
	node_argv[next++] = (char *)program_of(program);
	for (size_t at = 1; at < words; at++)
		node_argv[next++] = argv[at];
	node_argv[next] = NULL;
	become_node(name, &self, &package, node_argv, node_environment);
	__builtin_unreachable();
}
