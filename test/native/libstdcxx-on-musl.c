/*
 * What Debian's libstdc++ and libgcc_s need of glibc, for a C++ program that is linked with musl: tests run a Node for
 * musl on them, because Debian has no libstdc++ for musl. The last one is of a later libstdc++ than Debian's.
 */
#define _GNU_SOURCE
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded;
unsigned __cpu_model[4];

int __cpu_indicator_init(void)
{
	return 0;
}

unsigned arc4random(void)
{
	unsigned number = 0;

	return getrandom(&number, sizeof(number), 0) < 0 ? 0 : number;
}

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, void *locale)
{
	(void)locale;
	return strftime(text, size, format, time);
}

/* What a thread leaves is left. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *handle)
{
	(void)destroy;
	(void)object;
	(void)handle;
	return 0;
}

/* struct dl_find_object of glibc. */
struct found {
	unsigned long flags;
	void *start;
	void *end;
	void *link_map;
	void *frames;
	unsigned long reserved[7];
};

struct search {
	uintptr_t address;
	struct found *found;
	bool succeeds;
};

static int look_into(struct dl_phdr_info *object, size_t size, void *data)
{
	struct search *search = data;
	uintptr_t frames = 0, start = UINTPTR_MAX, end = 0;

	(void)size;
	for (int at = 0; at < object->dlpi_phnum; at++) {
		const ElfW(Phdr) *header = object->dlpi_phdr + at;
		uintptr_t address = object->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_GNU_EH_FRAME)
			frames = address;
		if (header->p_type != PT_LOAD)
			continue;
		start = address < start ? address : start;
		end = address + header->p_memsz > end ? address + header->p_memsz : end;
	}
	if (!frames || search->address < start || search->address >= end)
		return 0;
	*search->found = (struct found){ .start = (void *)start, .end = (void *)end, .frames = (void *)frames };
	search->succeeds = true;
	return 1;
}

int _dl_find_object(void *address, struct found *found)
{
	struct search search = { (uintptr_t)address, found, false };

	dl_iterate_phdr(look_into, &search);
	return search.succeeds ? 0 : -1;
}

/* std::string::_M_replace_cold(char *, size_t, const char *, size_t, size_t): the new text may be part of the old one. */
void _ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE15_M_replace_coldEPcmPKcmm(void *string, char *at,
											size_t old_length, const char *text,
											size_t length, size_t rest)
{
	char *copy = malloc(length + 1);

	(void)string;
	if (!copy)
		abort();
	memcpy(copy, text, length);
	memmove(at + length, at + old_length, rest);
	memcpy(at, copy, length);
	free(copy);
}
