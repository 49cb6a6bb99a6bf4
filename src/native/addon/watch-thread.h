/* Any descriptor in an event loop that is not libuv's. */
#ifndef ADDON_WATCH_THREAD_H
#define ADDON_WATCH_THREAD_H

#include <node_api.h>
#include <stdbool.h>

struct thread_watch;

/*
 * Has the event loop call `callback`, a function, with the events of uv_poll_start() that are there, as long as they
 * are. Returns NULL and sets errno if that is impossible.
 */
struct thread_watch *begin_thread_watch(napi_env env, int descriptor, int events, napi_value callback);

/* Whether the watch keeps the process alive; it does at first. */
void hold_thread_watch(napi_env env, struct thread_watch *watch, bool is_held);

void end_thread_watch(struct thread_watch *watch);

#endif
