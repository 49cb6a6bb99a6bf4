/* Descriptors in Node's event loop. */
#ifndef ADDON_WATCH_H
#define ADDON_WATCH_H

#include <node_api.h>

/* watch(descriptor, events, callback) has Node's event loop call `callback` when one of the poll(2) events is there. */
napi_value call_watch(napi_env env, napi_callback_info info);

/* holdWatch(watch, isHeld): whether it keeps the process alive; it does at first. */
napi_value call_hold_watch(napi_env env, napi_callback_info info);

/* unwatch(watch) ends that. */
napi_value call_unwatch(napi_env env, napi_callback_info info);

#endif
