/* Names and ids of users, groups and hosts, by the C library's databases. */
#include "calls.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* More groups than users have. */
enum { MOST_GROUPS = 4096 };

/* The user's or group's id; ENOENT if the databases do not have the name. */
static int64_t user_id(const char *name)
{
	struct passwd *entry;

	errno = 0;
	entry = getpwnam(name);
	if (entry)
		return entry->pw_uid;
	if (!errno)
		errno = ENOENT;
	return -1;
}

static int64_t group_id(const char *name)
{
	struct group *entry;

	errno = 0;
	entry = getgrnam(name);
	if (entry)
		return entry->gr_gid;
	if (!errno)
		errno = ENOENT;
	return -1;
}

SYSTEM_CALL(call_user_id, STRING(name, 0), user_id(name))
SYSTEM_CALL(call_group_id, STRING(name, 0), group_id(name))

static napi_value name_or_error(struct call *call, const char *name)
{
	napi_value result = NULL;

	if (!name)
		return number(call, errno ? -errno : -ENOENT);
	napi_create_buffer_copy(call->env, strlen(name), name, NULL, &result);
	return result;
}

napi_value call_user_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	uid_t id = (uid_t)integer(&call, 0);
	struct passwd *entry;

	if (call.bad)
		return refuse(&call);
	errno = 0;
	entry = getpwuid(id);
	return name_or_error(&call, entry ? entry->pw_name : NULL);
}

napi_value call_group_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	gid_t id = (gid_t)integer(&call, 0);
	struct group *entry;

	if (call.bad)
		return refuse(&call);
	errno = 0;
	entry = getgrgid(id);
	return name_or_error(&call, entry ? entry->gr_name : NULL);
}

/* What a login as this user begins with: name, group, home and shell, with colons between them, as in passwd(5). */
napi_value call_user_account(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	uid_t id = (uid_t)integer(&call, 0);
	struct passwd *entry;
	char text[4096];
	int length;

	if (call.bad)
		return refuse(&call);
	errno = 0;
	entry = getpwuid(id);
	if (!entry)
		return name_or_error(&call, NULL);
	length = snprintf(text, sizeof(text), "%s:%u:%s:%s", entry->pw_name, (unsigned)entry->pw_gid, entry->pw_dir,
			  entry->pw_shell);
	errno = ENAMETOOLONG;
	return name_or_error(&call, length > 0 && (size_t)length < sizeof(text) ? text : NULL);
}

/* All groups of the user of that name, the given one among them: an array of ids in host byte order. */
napi_value call_user_groups(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	char *name = string(&call, 0);
	gid_t first = (gid_t)integer(&call, 1);
	gid_t groups[MOST_GROUPS];
	int count = MOST_GROUPS;
	napi_value result = NULL;

	if (call.bad)
		return refuse(&call);
	if (getgrouplist(name, first, groups, &count) < 0)
		result = number(&call, -E2BIG);
	else
		napi_create_buffer_copy(env, (size_t)count * sizeof(*groups), groups, NULL, &result);
	release(&call);
	return result;
}

/* The name of an IPv4 or IPv6 address; ENOENT if nobody knows one. Waits for name servers. */
napi_value call_host_name(napi_env env, napi_callback_info info)
{
	struct call call = begin(env, info);
	struct bytes address = bytes(&call, 0);
	struct hostent *entry;

	if (call.bad)
		return refuse(&call);
	entry = gethostbyaddr(address.data, (socklen_t)address.length, address.length == 4 ? AF_INET : AF_INET6);
	errno = ENOENT;
	return name_or_error(&call, entry ? entry->h_name : NULL);
}
