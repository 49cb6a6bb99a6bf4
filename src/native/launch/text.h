/* Text that grows up to a limit, and what the C library would do with strings. */
#ifndef LAUNCH_TEXT_H
#define LAUNCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What does not fit makes it `full`. */
struct text {
	char *start;
	size_t length;
	size_t size;
	bool full;
};

#define TEXT(space) { (space), 0, sizeof(space), false }

void add_bytes(struct text *text, const char *bytes, size_t length);
void add(struct text *text, const char *more);
void add_number(struct text *text, uint64_t number, unsigned base);

size_t length_of(const char *text);
bool begins_with(const char *text, const char *beginning);
bool ends_with(const char *text, size_t length, const char *end);
bool contains(const char *text, const char *part);

/* The last part of a path: what follows its last slash. */
const char *base_of(const char *path);

#endif
