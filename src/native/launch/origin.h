/* Where a file that is mounted over another one stands otherwise. */
#ifndef LAUNCH_ORIGIN_H
#define LAUNCH_ORIGIN_H

#include "text.h"

/*
 * Where a file that is mounted over `self` may be found, too: in another mount of the same file system. Writes the
 * candidate of that number, from 0; false if there are fewer.
 */
bool find_origin(struct text *origin, const struct text *self, int number);

#endif
