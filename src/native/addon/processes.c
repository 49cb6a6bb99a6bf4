/* Programs: in the place of this process, as a child, and how they end. */
#include "calls.h"
#include "start.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void free_strings(char **strings)
{
	for (char **at = strings; at && *at; at++)
		free(*at);
	free(strings);
}

/* A NULL-terminated array of copies of an array of buffers and of the strings in `tail`, or NULL. */
static char **copy_strings(napi_env env, napi_value array, char *const *tail)
{
	uint32_t length;
	size_t extra = 0;
	char **strings;

	if (napi_get_array_length(env, array, &length) != napi_ok)
		return NULL;
	while (tail && tail[extra])
		extra++;
	strings = calloc((size_t)length + extra + 1, sizeof(*strings));
	for (size_t at = 0; strings && at < length + extra; at++) {
		napi_value element;

		if (at >= length)
			strings[at] = strdup(tail[at - length]);
		else if (napi_get_element(env, array, (uint32_t)at, &element) == napi_ok)
			strings[at] = copy_string(env, element);
		if (!strings[at]) {
			free_strings(strings);
			return NULL;
		}
	}
	return strings;
}

typedef int64_t execute_function(const char *path, char **argv, char **environment);

/* The common part of execve and spawn: path, words, and environment before the process's own. */
static napi_value execute(napi_env env, napi_callback_info info, execute_function *function)
{
	struct call call = begin(env, info);
	char *path = string(&call, 0);
	char **argv = copy_strings(env, call.value[1], NULL);
	char **environment = copy_strings(env, call.value[2], environ);
	int64_t result = 0;

	if (!argv || !environment)
		call.bad = true;
	if (!call.bad)
		result = function(path, argv, environment);
	free_strings(argv);
	free_strings(environment);
	if (call.bad)
		return refuse(&call);
	release(&call);
	return number(&call, result);
}

static int64_t replace_process(const char *path, char **argv, char **environment)
{
	int error;

	set_signals_ignored_by_node(SIG_DFL);
	execve(path, argv, environment);
	error = errno;
	set_signals_ignored_by_node(SIG_IGN);
	return -error;
}

/*
 * posix_spawn(3) would make the child ignore the signals that the C library uses itself. In the child of vfork none
 * of Node's signal handlers may run: all signals are blocked until there is none left.
 */
static int64_t spawn_process(const char *path, char **argv, char **environment)
{
	sigset_t all, before;
	volatile int error = 0;
	pid_t child;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	child = vfork();
	if (!child) {
		reset_signal_handlers();
		set_signals_ignored_by_node(SIG_DFL);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
		execve(path, argv, environment);
		error = errno;
		_exit(EXIT_FAILURE);
	}
	if (child < 0)
		error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error && child > 0)
		waitpid(child, NULL, 0);
	return error ? -error : child;
}

napi_value call_execve(napi_env env, napi_callback_info info)
{
	return execute(env, info, replace_process);
}

napi_value call_spawn(napi_env env, napi_callback_info info)
{
	return execute(env, info, spawn_process);
}

SYSTEM_CALL(call_setenv, STRING(name, 0) STRING(value, 1), setenv(name, value, 1))

static int64_t wait_status(pid_t child, int options)
{
	pid_t result;
	int status = 0;

	do
		result = waitpid(child, &status, options);
	while (result < 0 && errno == EINTR);
	return result < 0 ? -1 : status;
}

SYSTEM_CALL(call_waitpid, INT(child, 0) INT(options, 1), wait_status(child, options))

static int64_t end_process(int status)
{
	_exit(status);
}

SYSTEM_CALL(call_exit, INT(status, 0), end_process(status))
