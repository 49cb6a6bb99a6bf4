/* What the process was before Node started; see start-record.h. */
#ifndef ADDON_START_H
#define ADDON_START_H

#include <node_api.h>

/*
 * Takes the launcher's record off the environment, if it is there, and has this thread ignore and block the signals
 * that the caller had ignored and blocked. Sets `startRecord` of `exports` to the record's text, else to undefined.
 */
napi_status take_start_record(napi_env env, napi_value exports);

/* SIG_DFL or SIG_IGN for the signals that Node ignores and the caller had not ignored. */
void set_signals_ignored_by_node(void (*handler)(int));

/* Default action for the signals that Node handles. */
void reset_signal_handlers(void);

#endif
