/* Sockets that a thread's JavaScript has opened: those that it has not closed are closed with the thread. */
#ifndef ADDON_DESCRIPTORS_H
#define ADDON_DESCRIPTORS_H

#include <node_api.h>
#include <stdint.h>

/* To be called once for each thread that loads the addon. */
napi_status keep_descriptors(napi_env env);

/* Remembers a descriptor, if it is one; returns it. */
int64_t remember_descriptor(napi_env env, int64_t fd);

/* From here on somebody else closes it. */
void forget_descriptor(napi_env env, int fd);

#endif
