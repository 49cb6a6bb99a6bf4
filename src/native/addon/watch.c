/*
 * Any descriptor in Node's event loop, which itself takes only those of its streams. libuv is part of every Node; its
 * functions are declared here, because its header is not part of Node's headers for addons. In Bun a thread polls.
 */
#include "watch.h"
#include "watch-thread.h"

#include <errno.h>
#include <stdlib.h>

struct uv_loop_s;
struct uv_handle;
typedef void poll_callback(struct uv_handle *handle, int status, int events);

enum { UV_POLL = 8 }; /* uv_handle_type */

extern size_t uv_handle_size(int type);
extern int uv_poll_init(struct uv_loop_s *loop, struct uv_handle *handle, int descriptor);
extern int uv_poll_start(struct uv_handle *handle, int events, poll_callback *callback);
extern void uv_ref(struct uv_handle *handle);
extern void uv_unref(struct uv_handle *handle);
extern void uv_close(struct uv_handle *handle, void (*callback)(struct uv_handle *handle));
extern void *uv_handle_get_data(const struct uv_handle *handle);
extern void uv_handle_set_data(struct uv_handle *handle, void *data);

/* By libuv, or by a thread. */
struct watch {
	napi_env env;
	napi_ref callback;
	struct uv_handle *handle;
	struct thread_watch *thread;
};

static void on_events(struct uv_handle *handle, int status, int events)
{
	struct watch *watch = uv_handle_get_data(handle);
	napi_handle_scope scope;
	napi_value callback, receiver, argument;

	if (napi_open_handle_scope(watch->env, &scope) != napi_ok)
		return;
	if (napi_get_reference_value(watch->env, watch->callback, &callback) == napi_ok &&
	    napi_get_global(watch->env, &receiver) == napi_ok &&
	    napi_create_int32(watch->env, status < 0 ? status : events, &argument) == napi_ok)
		napi_make_callback(watch->env, NULL, receiver, callback, 1, &argument, NULL);
	napi_close_handle_scope(watch->env, scope);
}

static void on_closed(struct uv_handle *handle)
{
	free(uv_handle_get_data(handle));
	free(handle);
}

static napi_value refuse(napi_env env, const char *problem)
{
	napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", problem);
	return NULL;
}

static napi_value number(napi_env env, int value)
{
	napi_value result = NULL;

	napi_create_int32(env, value, &result);
	return result;
}

/* Begins to poll; returns a negative error number, after which nothing is left to close. */
static int begin(struct watch *watch, int descriptor, int events)
{
	struct uv_loop_s *loop;
	int error;

	if (napi_get_uv_event_loop(watch->env, &loop) != napi_ok)
		return -ENOSYS;
	error = uv_poll_init(loop, watch->handle, descriptor);
	if (error) {
		free(watch->handle);
		free(watch);
		return error;
	}
	uv_handle_set_data(watch->handle, watch);
	error = uv_poll_start(watch->handle, events, on_events);
	if (error)
		uv_close(watch->handle, on_closed);
	return error;
}

/* Bun has libuv's functions, and most of them end the process. */
static bool has_libuv(napi_env env)
{
	napi_value global;
	bool is_bun = false;

	return napi_get_global(env, &global) != napi_ok ||
	       napi_has_named_property(env, global, "Bun", &is_bun) != napi_ok || !is_bun;
}

static napi_value handle_of(napi_env env, struct watch *watch)
{
	napi_value result = NULL;

	return napi_create_external(env, watch, NULL, NULL, &result) == napi_ok ? result : NULL;
}

static napi_value watch_by_thread(napi_env env, int descriptor, int events, napi_value callback)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return number(env, -ENOMEM);
	watch->env = env;
	watch->thread = begin_thread_watch(env, descriptor, events, callback);
	if (watch->thread)
		return handle_of(env, watch);
	free(watch);
	return number(env, -errno);
}

napi_value call_watch(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	size_t count = 3;
	int32_t descriptor, events;
	napi_valuetype type;
	napi_ref callback;
	struct watch *watch;
	int error;

	if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 3 ||
	    napi_get_value_int32(env, arguments[0], &descriptor) != napi_ok ||
	    napi_get_value_int32(env, arguments[1], &events) != napi_ok ||
	    napi_typeof(env, arguments[2], &type) != napi_ok || type != napi_function)
		return refuse(env, "watch takes a descriptor, events and a function");
	if (!has_libuv(env))
		return watch_by_thread(env, descriptor, events, arguments[2]);
	if (napi_create_reference(env, arguments[2], 1, &callback) != napi_ok)
		return number(env, -ENOMEM);
	watch = malloc(sizeof(*watch));
	if (watch)
		*watch = (struct watch){ env, callback, calloc(1, uv_handle_size(UV_POLL)), NULL };
	if (!watch || !watch->handle) {
		free(watch);
		napi_delete_reference(env, callback);
		return number(env, -ENOMEM);
	}
	error = begin(watch, descriptor, events);
	if (error) {
		napi_delete_reference(env, callback);
		return number(env, error);
	}
	return handle_of(env, watch);
}

napi_value call_hold_watch(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	size_t count = 2;
	struct watch *watch;
	bool is_held;

	if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count < 2 ||
	    napi_get_value_external(env, arguments[0], (void **)&watch) != napi_ok ||
	    napi_get_value_bool(env, arguments[1], &is_held) != napi_ok)
		return refuse(env, "holdWatch takes what watch has returned, and a boolean");
	if (watch->thread)
		hold_thread_watch(env, watch->thread, is_held);
	else if (is_held)
		uv_ref(watch->handle);
	else
		uv_unref(watch->handle);
	return NULL;
}

napi_value call_unwatch(napi_env env, napi_callback_info info)
{
	napi_value argument;
	size_t count = 1;
	struct watch *watch;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) != napi_ok || count < 1 ||
	    napi_get_value_external(env, argument, (void **)&watch) != napi_ok)
		return refuse(env, "unwatch takes what watch has returned");
	if (watch->thread) {
		end_thread_watch(watch->thread);
		free(watch);
		return NULL;
	}
	napi_delete_reference(env, watch->callback);
	uv_close(watch->handle, on_closed);
	return NULL;
}
