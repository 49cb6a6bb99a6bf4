/* Arguments and results of calls from JavaScript. */
#include "call.h"

#include <stdlib.h>
#include <string.h>

struct call begin(napi_env env, napi_callback_info info)
{
	struct call call = { .env = env };
	size_t count = MOST_ARGUMENTS;

	call.bad = napi_get_cb_info(env, info, &count, call.value, NULL, NULL) != napi_ok;
	return call;
}

int64_t integer(struct call *call, unsigned at)
{
	int64_t number = 0;

	if (napi_get_value_int64(call->env, call->value[at], &number) != napi_ok)
		call->bad = true;
	return number;
}

static bool read_bytes(napi_env env, napi_value value, struct bytes *bytes)
{
	bool is_buffer = false;

	return napi_is_buffer(env, value, &is_buffer) == napi_ok && is_buffer &&
	       napi_get_buffer_info(env, value, (void **)&bytes->data, &bytes->length) == napi_ok;
}

struct bytes bytes(struct call *call, unsigned at)
{
	struct bytes bytes = { NULL, 0 };

	if (!read_bytes(call->env, call->value[at], &bytes))
		call->bad = true;
	return bytes;
}

char *copy_string(napi_env env, napi_value value)
{
	struct bytes bytes;
	char *copy;

	if (!read_bytes(env, value, &bytes) || (bytes.length && memchr(bytes.data, 0, bytes.length)))
		return NULL;
	copy = malloc(bytes.length + 1);
	if (!copy)
		return NULL;
	if (bytes.length)
		memcpy(copy, bytes.data, bytes.length);
	copy[bytes.length] = 0;
	return copy;
}

char *string(struct call *call, unsigned at)
{
	call->copy[at] = copy_string(call->env, call->value[at]);
	if (!call->copy[at])
		call->bad = true;
	return call->copy[at];
}

char *string_or_null(struct call *call, unsigned at)
{
	napi_valuetype type;

	if (napi_typeof(call->env, call->value[at], &type) == napi_ok && type == napi_null)
		return NULL;
	return string(call, at);
}

napi_value number(struct call *call, int64_t value)
{
	napi_value result = NULL;

	napi_create_int64(call->env, value, &result);
	return result;
}

void release(struct call *call)
{
	for (unsigned at = 0; at < MOST_ARGUMENTS; at++)
		free(call->copy[at]);
}

napi_value refuse(struct call *call)
{
	release(call);
	napi_throw_type_error(call->env, "ERR_INVALID_ARG_TYPE",
			      "an argument of a native call has the wrong type or holds a NUL byte");
	return NULL;
}
