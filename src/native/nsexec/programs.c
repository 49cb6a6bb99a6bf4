/* Steps that prepare and become a program. */
#include "nsexec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Whether two `NAME=value` strings have the same name, as far as they have one. */
static bool have_same_name(const char *one, const char *other)
{
	size_t length = strcspn(one, "=");

	return !strncmp(one, other, length) && other[length] == '=';
}

/* Adds a variable to an environment that has room for it, unless there is one of that name. */
static void add_variable(char **environment, char *variable)
{
	char **at = environment;

	while (*at && !have_same_name(variable, *at))
		at++;
	*at = *at ? *at : variable;
}

/*
 * Makes an environment of the variables in `text`, one after the other, each ended by NUL. The last comes
 * first, and those of an equal name before it do not count, as in the original. NULL if one has no name.
 */
static char **build_environment(char *text, size_t length)
{
	size_t count = 0;
	char **environment;

	for (size_t at = 0; at < length; at++)
		count += !text[at];
	environment = calloc(count + 2, sizeof(*environment));
	if (!environment)
		return NULL;
	while (length) {
		size_t start = length - 1;

		while (start && text[start - 1])
			start--;
		if (text[start] == '=') {
			free(environment);
			errno = EINVAL;
			return NULL;
		}
		if (strchr(text + start, '='))
			add_variable(environment, text + start);
		length = start;
	}
	return environment;
}

int step_environment(struct state *state, const union argument *argument)
{
	size_t length;
	char *text = read_all(state->slots[argument[0].number], &length);
	char **environment = text ? build_environment(text, length) : NULL;

	if (!environment)
		return fail(state, "failed to set environment variables");
	environ = environment;
	return 0;
}

int step_clear_environment(struct state *state, const union argument *argument)
{
	(void)state;
	(void)argument;
	return clearenv();
}

int step_variable(struct state *state, const union argument *argument)
{
	(void)state;
	return setenv(argument[0].text, argument[1].text, 1);
}

/* Adds a word to the command line of the next program that is run. */
static int add_word(struct state *state, const char *word)
{
	if (state->word_count == MOST_WORDS) {
		errno = E2BIG;
		return -1;
	}
	state->words[state->word_count++] = (char *)word;
	return 0;
}

int step_argument(struct state *state, const union argument *argument)
{
	return add_word(state, argument[0].text);
}

/* The number of the process that the plan began in: a helper gives it to newuidmap. */
int step_argument_pid(struct state *state, const union argument *argument)
{
	(void)argument;
	snprintf(state->pid_text, sizeof(state->pid_text), "%d", (int)state->pid);
	return add_word(state, state->pid_text);
}

/* Becomes a program; on failure chooses the exit status by whether there is such a program. */
static int become(struct state *state, char **words, const union argument *statuses)
{
	execute_by_name(words);
	state->status = (int)(errno == ENOENT ? statuses[0].number : statuses[1].number);
	return -1;
}

/* Waits for a program; the plan ends with its status unless that is success. */
static int await_success(const struct state *state, pid_t program)
{
	int status;

	while (waitpid(program, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (!WIFEXITED(status))
		exit(state->failure);
	if (WEXITSTATUS(status))
		exit(WEXITSTATUS(status));
	return 0;
}

int step_run(struct state *state, const union argument *argument)
{
	pid_t program;

	if (!state->word_count) {
		errno = EINVAL;
		return -1;
	}
	program = fork();
	if (program < 0)
		return fail(state, "fork failed");
	if (!program)
		return become(state, state->words, argument);
	memset(state->words, 0, sizeof(state->words));
	state->word_count = 0;
	return await_success(state, program);
}

int step_exec(struct state *state, const union argument *argument)
{
	long first = argument[0].number;

	if (first < 0 || first >= state->argc) {
		errno = EINVAL;
		return -1;
	}
	return become(state, state->argv + first, argument + 1);
}

/* The colon-separated field `number` of a line of /etc/passwd, cut out of it; NULL if there are fewer. */
static char *cut_field(char *line, int number)
{
	while (line && number--) {
		line = strchr(line, ':');
		if (line)
			line++;
	}
	if (line)
		line[strcspn(line, ":")] = 0;
	return line;
}

/* The shell of a user in the text of /etc/passwd, or NULL. */
static char *find_shell(char *text, uid_t user)
{
	enum { USER_FIELD = 2, SHELL_FIELDS_AFTER = 4 };
	char *rest = text;

	while (rest && *rest) {
		char *line = strsep(&rest, "\n");
		char *end = line + strlen(line);
		char *number = cut_field(line, USER_FIELD);
		char *after = number ? number + strlen(number) : NULL;

		if (after && after < end && *number && strtoul(number, NULL, 10) == user)
			return cut_field(after + 1, SHELL_FIELDS_AFTER - 1);
	}
	return NULL;
}

static char *shell_of_user(void)
{
	size_t length;
	int descriptor = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	char *text = descriptor < 0 ? NULL : read_all(descriptor, &length);

	return text ? find_shell(text, getuid()) : NULL;
}

/* A login shell knows itself by the hyphen before its name. */
int step_shell(struct state *state, const union argument *argument)
{
	char *shell = getenv("SHELL");
	char *words[2] = { NULL, NULL };
	const char *name;

	if (!shell || !*shell)
		shell = shell_of_user();
	if (!shell || !*shell)
		shell = "/bin/sh";
	name = strrchr(shell, '/');
	name = name ? name + 1 : shell;
	words[0] = malloc(strlen(name) + 2);
	if (!words[0])
		return -1;
	words[0][0] = '-';
	strcpy(words[0] + 1, name);
	execv(shell, words);
	state->status = (int)(errno == ENOENT ? argument[0].number : argument[1].number);
	return fail(state, "failed to execute %s", shell);
}

int step_exit(struct state *state, const union argument *argument)
{
	(void)state;
	exit((int)argument[0].number);
}
