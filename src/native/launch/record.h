#ifndef LAUNCH_RECORD_H
#define LAUNCH_RECORD_H

#include "text.h"

/* Writes what Node undoes when it starts; see ../start-record.h. */
void write_record(struct text *text);

/* Hides a variable of the environment from Node, in place, if it is meant for another Node. */
void hide(char *variable);

#endif
