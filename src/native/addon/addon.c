/*
 * The addon: system calls for Node. Every function makes one call and decides nothing; it returns what the
 * call returned, or -errno. Strings come as buffers without a final NUL. Only a wrong argument type throws. When it is
 * loaded it restores what Node has undone (start.c).
 * The TypeScript face, with the meaning of each, is src/kernel/system/native.ts.
 */
#include "calls.h"
#include "descriptors.h"
#include "receive.h"
#include "start.h"
#include "watch.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	napi_callback call;
} functions[] = {
#define CALL(name, function) { name, function },
	CALLS
#undef CALL
	{ "receiveAhead", call_receive_ahead },
	{ "watch", call_watch },
	{ "holdWatch", call_hold_watch },
	{ "unwatch", call_unwatch },
};

NAPI_MODULE_INIT()
{
	for (size_t at = 0; at < COUNT(functions); at++) {
		napi_value function;

		if (napi_create_function(env, functions[at].name, NAPI_AUTO_LENGTH, functions[at].call, NULL, &function) !=
			    napi_ok ||
		    napi_set_named_property(env, exports, functions[at].name, function) != napi_ok)
			return NULL;
	}
	if (keep_descriptors(env) != napi_ok)
		return NULL;
	return take_start_record(env, exports) == napi_ok ? exports : NULL;
}
