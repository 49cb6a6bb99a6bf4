/* The arguments and the result of a function that JavaScript calls, and the macro that makes one of a system call. */
#ifndef ADDON_CALL_H
#define ADDON_CALL_H

#include <errno.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

#define MOST_ARGUMENTS 5

/* The arguments of one call. `bad` remembers that one of them had the wrong type. */
struct call {
	napi_env env;
	napi_value value[MOST_ARGUMENTS];
	void *copy[MOST_ARGUMENTS];
	bool bad;
};

struct bytes {
	char *data;
	size_t length;
};

struct call begin(napi_env env, napi_callback_info info);

/* Arguments by their place; a wrong type makes the call bad. */
int64_t integer(struct call *call, unsigned at);
struct bytes bytes(struct call *call, unsigned at);
char *string(struct call *call, unsigned at);

/* As string(), but JavaScript's null is C's NULL. */
char *string_or_null(struct call *call, unsigned at);

/* A NUL-terminated copy of a buffer that holds no NUL itself, or NULL. */
char *copy_string(napi_env env, napi_value value);

napi_value number(struct call *call, int64_t value);

/* Frees the copies. */
void release(struct call *call);

/* Throws a TypeError. */
napi_value refuse(struct call *call);

/*
 * Defines the function `name`: reads its arguments by DECLARATIONS, then runs CALL, an expression that yields
 * the call's result. errno is kept from before the copies are freed.
 */
#define SYSTEM_CALL(name, declarations, expression)                      \
	napi_value name(napi_env env, napi_callback_info info)           \
	{                                                                \
		struct call call = begin(env, info);                     \
		int64_t result;                                          \
		declarations                                             \
		if (call.bad)                                            \
			return refuse(&call);                            \
		result = (expression);                                   \
		if (result < 0)                                          \
			result = -errno;                                 \
		release(&call);                                          \
		return number(&call, result);                            \
	}

#define INT(name, at) int name = (int)integer(&call, at);
#define LONG(name, at) unsigned long name = (unsigned long)integer(&call, at);
#define STRING(name, at) char *name = string(&call, at);
#define STRING_OR_NULL(name, at) char *name = string_or_null(&call, at);
#define BYTES(name, at) struct bytes name = bytes(&call, at);

#endif
