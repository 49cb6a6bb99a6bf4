/*
 * What the launcher (launch/) reports to the addon (addon/start.c), because Node undoes it when it starts:
 *
 *     TSIP_START=LIMIT IGNORED BLOCKED OPEN
 *
 * LIMIT is the soft limit of open files; IGNORED and BLOCKED are sets of signals as hexadecimal numbers, signal 1
 * being the lowest bit; OPEN are the descriptors that libuv makes close-on-exec, as ranges: `0-2,9`. The variable
 * is the first of the environment.
 */
#ifndef START_RECORD_H
#define START_RECORD_H

#define START_RECORD "TSIP_START="

/*
 * Variables that are meant for the Node that runs after us, not for ours, which would obey them: it would load a
 * debugger, write coverage, read a store of certificates for longer than it takes to start. The launcher hides them
 * by their first letter, in place, and the addon restores it.
 */
enum { HIDING_LETTER = '\1', FIRST_LETTER_OF_NODE = 'N', FIRST_LETTER_OF_OPENSSL = 'O' };
#define REST_OF_NODE "ODE_"
#define REST_OF_OPENSSL "PENSSL_CONF="

/*
 * The exception: with yarn's Plug'n'Play, Node finds packages only by a script that this variable has it load. It
 * stays where it does.
 */
#define REST_OF_NODE_OPTIONS "ODE_OPTIONS="
#define PLUG_AND_PLAY "/.pnp.cjs"

/* Signals that Node resets. Those from here on it leaves alone. */
enum { FIRST_KEPT_SIGNAL = 32 };

#endif
