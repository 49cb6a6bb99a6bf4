#include "text.h"

size_t length_of(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

bool begins_with(const char *text, const char *beginning)
{
	while (*beginning)
		if (*text++ != *beginning++)
			return false;
	return true;
}

bool ends_with(const char *text, size_t length, const char *end)
{
	size_t end_length = length_of(end);

	return length >= end_length && begins_with(text + length - end_length, end);
}

bool contains(const char *text, const char *part)
{
	for (; *text; text++)
		if (begins_with(text, part))
			return true;
	return false;
}

void add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (length >= text->size - text->length) {
		text->full = true;
		return;
	}
	for (size_t at = 0; at < length; at++)
		text->start[text->length++] = bytes[at];
	text->start[text->length] = 0;
}

void add(struct text *text, const char *more)
{
	add_bytes(text, more, length_of(more));
}

void add_number(struct text *text, uint64_t number, unsigned base)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	add_bytes(text, digits + at, sizeof(digits) - at);
}

const char *base_of(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}
