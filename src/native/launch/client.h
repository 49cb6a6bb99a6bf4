/* The client of `tsip run`, client.c. */
#ifndef LAUNCH_CLIENT_H
#define LAUNCH_CLIENT_H

#include "text.h"

/*
 * Inside `tsip run`: has its engine make the call, with `program` (`tsip`, ...) called by the name argv[0]. Does not return
 * if the engine has made it. Returns if there is no engine, or if the engine leaves the call to Node.
 */
void call_engine(const char *program, char **argv, char **environment);

/*
 * Inside `tsip run`, the package's folder, ended by a slash, for a launcher that is mounted over another program; false
 * elsewhere.
 */
bool engine_package(struct text *package, char **environment);

#endif
