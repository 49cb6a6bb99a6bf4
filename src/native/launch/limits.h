#ifndef LAUNCH_LIMITS_H
#define LAUNCH_LIMITS_H

#include "text.h"

/* Whether the limits of this process let Node start; writes what is too little, as people set it, if not. */
bool can_start_node(struct text *problem);

#endif
