/* Receiving while JavaScript goes on; see addon-receive.c. */
#ifndef ADDON_RECEIVE_H
#define ADDON_RECEIVE_H

#include <node_api.h>

napi_value call_receive_many(napi_env env, napi_callback_info info);

#endif
