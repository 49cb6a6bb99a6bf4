#ifndef LAUNCH_FIND_H
#define LAUNCH_FIND_H

#include "text.h"

/* The path of this very file, whatever links led to it. */
void find_self(struct text *path, char **environment);

/*
 * Becomes Node: the one that built us, the one of the prefix that the package is installed in, the first of PATH, or
 * the system's. `package` is the package's folder, ended by a slash. Returns only if none can be run: -errno, with
 * `node` being the path of the one that failed, or empty.
 */
long execute_node(struct text *node, const struct text *self, const struct text *package, char **argv,
		  char **environment);

#endif
