/*
 * Descriptors watched by a thread each, for runtimes that have Node-API and not libuv, such as Bun: uv_poll_init() ends
 * its process. The thread polls, reports, and waits until JavaScript has been called.
 */
#include "watch-thread.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { READABLE = 1, WRITABLE = 2 }; /* uv_poll_event */

struct thread_watch {
	napi_threadsafe_function report;
	pthread_t thread;
	int descriptor;
	int events;
	/* An eventfd: JavaScript has been called, or the watch ends. */
	int wake;
	bool ends;
};

static bool is_ending(struct thread_watch *watch)
{
	return __atomic_load_n(&watch->ends, __ATOMIC_ACQUIRE);
}

static void wake(struct thread_watch *watch)
{
	const uint64_t one = 1;

	/* It fails only if it is to be woken already. */
	if (write(watch->wake, &one, sizeof(one)) < 0)
		return;
}

static void *poll_until_end(void *data)
{
	struct thread_watch *watch = data;
	short events = (short)((watch->events & READABLE ? POLLIN : 0) | (watch->events & WRITABLE ? POLLOUT : 0));
	uint64_t number;

	while (!is_ending(watch)) {
		struct pollfd polled[] = { { watch->descriptor, events, 0 }, { watch->wake, POLLIN, 0 } };

		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			break;
		if (is_ending(watch) || !polled[0].revents)
			continue;
		if (napi_call_threadsafe_function(watch->report, NULL, napi_tsfn_blocking) != napi_ok)
			break;
		while (read(watch->wake, &number, sizeof(number)) < 0 && errno == EINTR)
			;
	}
	return NULL;
}

/* In JavaScript's thread. */
static void call_back(napi_env env, napi_value callback, void *context, void *data)
{
	struct thread_watch *watch = context;
	napi_value receiver, argument;

	(void)data;
	if (!env || is_ending(watch))
		return;
	if (napi_get_global(env, &receiver) == napi_ok &&
	    napi_create_int32(env, watch->events, &argument) == napi_ok)
		napi_call_function(env, receiver, callback, 1, &argument, NULL);
	/* Until it is finalized, which is later, it is there even if the callback has ended it. */
	if (!is_ending(watch))
		wake(watch);
}

static void stop_thread(struct thread_watch *watch)
{
	if (is_ending(watch))
		return;
	__atomic_store_n(&watch->ends, true, __ATOMIC_RELEASE);
	wake(watch);
	pthread_join(watch->thread, NULL);
}

/* Also where the environment ends before the watch. */
static void free_watch(napi_env env, void *data, void *hint)
{
	struct thread_watch *watch = data;

	(void)env;
	(void)hint;
	stop_thread(watch);
	close(watch->wake);
	free(watch);
}

/* Signals are for the other threads. */
static int start_thread(struct thread_watch *watch)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&watch->thread, NULL, poll_until_end, watch);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct thread_watch *begin_thread_watch(napi_env env, int descriptor, int events, napi_value callback)
{
	struct thread_watch *watch = calloc(1, sizeof(*watch));
	napi_value name;

	if (!watch)
		return NULL;
	watch->descriptor = descriptor;
	watch->events = events;
	watch->wake = eventfd(0, EFD_CLOEXEC);
	if (watch->wake < 0) {
		free(watch);
		return NULL;
	}
	if (napi_create_string_utf8(env, "tsip", NAPI_AUTO_LENGTH, &name) != napi_ok ||
	    napi_create_threadsafe_function(env, callback, NULL, name, 0, 1, watch, free_watch, watch, call_back,
					    &watch->report) != napi_ok) {
		close(watch->wake);
		free(watch);
		errno = ENOSYS;
		return NULL;
	}
	errno = start_thread(watch);
	if (errno) {
		watch->ends = true;
		napi_release_threadsafe_function(watch->report, napi_tsfn_release);
		return NULL;
	}
	return watch;
}

void hold_thread_watch(napi_env env, struct thread_watch *watch, bool is_held)
{
	if (is_held)
		napi_ref_threadsafe_function(env, watch->report);
	else
		napi_unref_threadsafe_function(env, watch->report);
}

void end_thread_watch(struct thread_watch *watch)
{
	stop_thread(watch);
	napi_release_threadsafe_function(watch->report, napi_tsfn_release);
}
