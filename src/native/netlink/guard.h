/*
 * Included before the netlink package's binding. The binding calls JavaScript from libuv's callbacks, and C++ that cannot
 * do so ends the process by abort(): when the thread is being ended, and when the JavaScript throws. Here such a callback
 * is left, what was thrown becomes an uncaught exception, and the handle stops; it is closed with its socket.
 *
 * And it needs no newer C++ library than Node 20 itself.
 */
#ifndef NETLINK_GUARD_H
#define NETLINK_GUARD_H

#include <cxxabi.h>
#include <sstream>
#include <string>

#include <node_api.h>
#include <uv.h>

namespace std {

/* In the C++ library since GCC 12, and what headers call for arrays whose size overflows. */
void __throw_bad_array_new_length()
{
	__cxxabiv1::__cxa_throw_bad_array_new_length();
}

/* The constructor of ostringstream is in it since GCC 9; all that the binding does with one is to append texts. */
struct text_of_error {
	string text;

	template <typename Part> text_of_error &operator<<(const Part &part)
	{
		text += part;
		return *this;
	}

	string str() const
	{
		return text;
	}
};

}
#define ostringstream text_of_error

struct CannotRun {
	napi_env env;
};

/* Whether this thread is inside a callback of libuv. */
inline thread_local bool is_in_callback = false;

inline napi_status guarded(napi_env env, napi_status status)
{
	if (is_in_callback && status != napi_ok)
		throw CannotRun{ env };
	return status;
}

/* Has Node report what the JavaScript has thrown, if it has. */
inline void report_exception(napi_env env)
{
	napi_handle_scope scope;
	napi_value thrown;
	bool is_pending = false;

	if (napi_open_handle_scope(env, &scope) != napi_ok)
		return;
	if (napi_is_exception_pending(env, &is_pending) == napi_ok && is_pending &&
	    napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
		napi_fatal_exception(env, thrown);
	napi_close_handle_scope(env, scope);
}

/* Runs a callback; returns whether it came to its end. */
template <typename Callback> bool run_guarded(Callback callback)
{
	is_in_callback = true;
	try {
		callback();
		is_in_callback = false;
		return true;
	} catch (const CannotRun &end) {
		is_in_callback = false;
		report_exception(end.env);
		return false;
	}
}

/* The binding has one callback for each of both kinds of handles. */
inline uv_poll_cb guarded_poll = nullptr;
inline uv_timer_cb guarded_timer = nullptr;

inline int start_guarded(uv_poll_t *poll, int events, uv_poll_cb callback)
{
	guarded_poll = callback;
	return uv_poll_start(poll, events, [](uv_poll_t *handle, int status, int happened) {
		if (!run_guarded([&] { guarded_poll(handle, status, happened); }))
			uv_poll_stop(handle);
	});
}

inline int start_guarded(uv_timer_t *timer, uv_timer_cb callback, uint64_t timeout, uint64_t repeat)
{
	guarded_timer = callback;
	return uv_timer_start(
		timer,
		[](uv_timer_t *handle) {
			if (!run_guarded([&] { guarded_timer(handle); }))
				uv_timer_stop(handle);
		},
		timeout, repeat);
}

#define uv_poll_start(...) start_guarded(__VA_ARGS__)
#define uv_timer_start(...) start_guarded(__VA_ARGS__)

/* Those that the binding calls inside its callbacks, save what destructors call. */
#define napi_make_callback(env, ...) guarded(env, napi_make_callback(env, __VA_ARGS__))
#define napi_set_property(env, ...) guarded(env, napi_set_property(env, __VA_ARGS__))
#define napi_set_named_property(env, ...) guarded(env, napi_set_named_property(env, __VA_ARGS__))
#define napi_get_named_property(env, ...) guarded(env, napi_get_named_property(env, __VA_ARGS__))
#define napi_create_error(env, ...) guarded(env, napi_create_error(env, __VA_ARGS__))
#define napi_create_object(env, ...) guarded(env, napi_create_object(env, __VA_ARGS__))
#define napi_create_double(env, ...) guarded(env, napi_create_double(env, __VA_ARGS__))
#define napi_create_string_utf8(env, ...) guarded(env, napi_create_string_utf8(env, __VA_ARGS__))
#define napi_create_external_buffer(env, ...) guarded(env, napi_create_external_buffer(env, __VA_ARGS__))
#define napi_create_reference(env, ...) guarded(env, napi_create_reference(env, __VA_ARGS__))
#define napi_get_reference_value(env, ...) guarded(env, napi_get_reference_value(env, __VA_ARGS__))
#define napi_get_undefined(env, ...) guarded(env, napi_get_undefined(env, __VA_ARGS__))
#define napi_add_finalizer(env, ...) guarded(env, napi_add_finalizer(env, __VA_ARGS__))
#define napi_open_handle_scope(env, ...) guarded(env, napi_open_handle_scope(env, __VA_ARGS__))
#define napi_reference_ref(env, ...) guarded(env, napi_reference_ref(env, __VA_ARGS__))
#define napi_reference_unref(env, ...) guarded(env, napi_reference_unref(env, __VA_ARGS__))

#endif
