/*
 * The interpreter of plans. A plan comes as words at the head of the environment (encoded by plan.ts):
 *
 *     NSEXEC_PLAN=<number of words>, program, failure status, soft limit of open files or "",
 *     then for each step: name, condition, outcome, arguments
 *
 * or, from the library, whose children get their environment from Node, as words after the first of the command line.
 *
 * The whole plan is checked before its first step runs; a broken one is refused.
 */
#include "nsexec.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

extern char **environ;

static const char MARK[] = "NSEXEC_PLAN=";
enum { HEADER_WORDS = 3, STEP_WORDS = 3, STATUS_BROKEN_PLAN = 125 };

/* The words of a plan not yet looked at. */
struct cursor {
	char **word;
	size_t left;
};

/* One step of a plan that has been checked. */
struct step {
	const struct operation *operation;
	const char *condition;
	const char *outcome;
	union argument arguments[MOST_ARGUMENTS];
};

static void write_pieces(const char *const *pieces, int count)
{
	struct iovec vector[8];

	for (int at = 0; at < count; at++)
		vector[at] = (struct iovec){ (void *)pieces[at], strlen(pieces[at]) };
	if (writev(STDERR_FILENO, vector, count) < 0)
		return; /* Nobody listens. */
}

/* Prints `program: phrase: text of error`, without what is missing. */
static void complain(const char *program, const char *phrase, int error)
{
	const char *pieces[] = {
		program, *program ? ": " : "", phrase, error ? ": " : "", error ? text_of_error(error) : "", "\n",
	};

	write_pieces(pieces, COUNT(pieces));
}

static int refuse(const char *reason)
{
	complain("nsexec", reason, 0);
	return STATUS_BROKEN_PLAN;
}

static bool parse_number(const char *text, long *number)
{
	char *end;

	if (*text != '-' && (*text < '0' || *text > '9'))
		return false;
	errno = 0;
	*number = strtol(text, &end, 10);
	return !errno && !*end && end > text;
}

static bool parse_below(const char *text, long limit, long *number)
{
	return parse_number(text, number) && *number >= 0 && *number < limit;
}

static bool parse_argument(char kind, const char *text, union argument *argument)
{
	switch (kind) {
	case 'n':
		return parse_number(text, &argument->number);
	case 's':
		return parse_below(text, MOST_SLOTS, &argument->number);
	case 'h':
		return parse_below(text, MOST_HELPERS, &argument->number);
	default:
		argument->text = text;
		return true;
	}
}

/*
 * Reads one item of a condition: `+SLOT` for a slot that must be open, `-SLOT` for one that must not. Returns
 * what follows it, or NULL if it is malformed.
 */
static const char *parse_condition(const char *text, bool *open, long *slot)
{
	char *end;

	*open = *text == '+';
	if ((*text != '+' && *text != '-') || text[1] < '0' || text[1] > '9')
		return NULL;
	*slot = strtol(text + 1, &end, 10);
	return *slot < MOST_SLOTS ? end : NULL;
}

static bool is_condition(const char *text)
{
	bool open;
	long slot;

	while (text && *text)
		text = parse_condition(text, &open, &slot);
	return text;
}

static bool holds(const struct state *state, const char *condition)
{
	while (*condition) {
		bool open;
		long slot;

		condition = parse_condition(condition, &open, &slot);
		if ((state->slots[slot] >= 0) != open)
			return false;
	}
	return true;
}

static bool is_outcome(const char *text)
{
	return !*text || *text == '!' || *text == '?';
}

/* Takes the next step off the cursor; false if it is broken. */
static bool read_step(struct cursor *cursor, struct step *step)
{
	size_t arguments;

	if (cursor->left < STEP_WORDS)
		return false;
	step->operation = find_operation(cursor->word[0]);
	step->condition = cursor->word[1];
	step->outcome = cursor->word[2];
	if (!step->operation || !is_condition(step->condition) || !is_outcome(step->outcome))
		return false;
	arguments = strlen(step->operation->arguments);
	if (cursor->left < STEP_WORDS + arguments)
		return false;
	for (size_t at = 0; at < arguments; at++)
		if (!parse_argument(step->operation->arguments[at], cursor->word[STEP_WORDS + at], &step->arguments[at]))
			return false;
	cursor->word += STEP_WORDS + arguments;
	cursor->left -= STEP_WORDS + arguments;
	return true;
}

/* Moves on to the step after the next one that `run` runs; false if there is none. */
static bool skip_past(struct cursor *cursor, step_function *run)
{
	struct step step;

	while (cursor->left && read_step(cursor, &step))
		if (step.operation->run == run)
			return true;
	return false;
}

/* What closes the part of a plan that only one of two processes runs. */
static step_function *closing(const struct step *step)
{
	if (step->operation->run == step_helper)
		return step_end;
	return step->operation->run == step_fork ? step_wait : NULL;
}

static bool is_last(const struct step *step)
{
	step_function *run = step->operation->run;

	return !*step->condition && (run == step_exec || run == step_shell || run == step_hold || run == step_exit);
}

/* Whether all steps are well-formed, forked parts are closed and not nested, and the last step does not return. */
static bool is_plan(struct cursor cursor)
{
	step_function *open = NULL;
	struct step step = { .operation = NULL };

	while (cursor.left) {
		if (!read_step(&cursor, &step))
			return false;
		if (closing(&step)) {
			if (open || *step.condition)
				return false;
			open = closing(&step);
		} else if (step.operation->run == step_end || step.operation->run == step_wait) {
			if (open != step.operation->run || *step.condition)
				return false;
			open = NULL;
		}
	}
	return !open && step.operation && is_last(&step);
}

/* Reports a failed step. Ends the plan unless the step says that it does not matter. */
static void handle_failure(const struct state *state)
{
	const char *outcome = state->outcome;
	int error = errno;

	if (*outcome)
		complain(state->program, state->phrase ? state->phrase : outcome + 1, error);
	if (*outcome == '!')
		exit(state->status ? state->status : state->failure);
}

static void run_step(struct state *state, const struct step *step)
{
	if (!holds(state, step->condition))
		return;
	state->outcome = step->outcome;
	state->phrase = NULL;
	state->status = 0;
	if (step->operation->run(state, step->arguments) < 0)
		handle_failure(state);
}

static int run_plan(struct state *state, struct cursor cursor)
{
	struct step step;

	while (cursor.left && read_step(&cursor, &step)) {
		run_step(state, &step);
		if (step.operation->run == step_helper && state->child)
			skip_past(&cursor, step_end);
		else if (step.operation->run == step_fork && !state->child)
			skip_past(&cursor, step_wait);
	}
	return state->failure; /* A last step that failed and did not matter. */
}

/* Node raised the soft limit to the hard one. */
static bool restore_descriptor_limit(const char *text)
{
	struct rlimit limit;
	long soft;

	if (!*text)
		return true;
	if (!parse_number(text, &soft) || soft < 0)
		return false;
	if (!getrlimit(RLIMIT_NOFILE, &limit) && (rlim_t)soft < limit.rlim_max) {
		limit.rlim_cur = (rlim_t)soft;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	return true;
}

/* The plan after the first word of the command line, for who cannot make such an environment. */
static bool take_plan_of_arguments(struct cursor *cursor, int argc, char **argv)
{
	long words;

	if (argc < 2 || strncmp(argv[1], MARK, strlen(MARK)) || !parse_number(argv[1] + strlen(MARK), &words) ||
	    words < HEADER_WORDS || words > argc - 2)
		return false;
	*cursor = (struct cursor){ argv + 2, (size_t)words };
	return true;
}

/* Takes the plan off the environment. */
static bool take_plan(struct cursor *cursor)
{
	long words;

	if (!environ || !*environ || strncmp(*environ, MARK, strlen(MARK)) ||
	    !parse_number(*environ + strlen(MARK), &words) || words < HEADER_WORDS)
		return false;
	cursor->word = environ + 1;
	for (cursor->left = 0; cursor->left < (size_t)words; cursor->left++)
		if (!cursor->word[cursor->left])
			return false;
	environ = cursor->word + cursor->left;
	return true;
}

void reset_signal(int number)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(number, &action, NULL);
}

int fail(struct state *state, const char *format, ...)
{
	static char text[PATH_MAX + 256];
	va_list arguments;
	int error = errno;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	state->phrase = text;
	errno = error;
	return -1;
}

/* ps shows the program that we stand in for, as long as it waits for a child. */
static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "";
}

int main(int argc, char **argv)
{
	struct state state = { .argv = argv, .argc = argc, .pid = getpid() };
	struct cursor cursor;
	const char *limit;
	long failure;

	if (!take_plan_of_arguments(&cursor, argc, argv) && !take_plan(&cursor))
		return refuse("no plan to carry out");
	state.program = cursor.word[0];
	limit = cursor.word[2];
	if (!parse_below(cursor.word[1], 256, &failure))
		return refuse("broken plan");
	state.failure = (int)failure;
	cursor.word += HEADER_WORDS;
	cursor.left -= HEADER_WORDS;
	if (!is_plan(cursor) || !restore_descriptor_limit(limit))
		return refuse("broken plan");
	for (size_t at = 0; at < MOST_SLOTS; at++)
		state.slots[at] = -1;
	prctl(PR_SET_NAME, base_name(argv[0]));
	return run_plan(&state, cursor);
}
