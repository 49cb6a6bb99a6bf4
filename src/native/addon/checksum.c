/* A checksum of the caches of compiled code, which V8 takes unchecked (src/start/). */
#include "checksum.h"

#include <string.h>

/* JavaScript's numbers hold integers of so many bits. */
#define RESULT_MASK ((UINT64_C(1) << 53) - 1)
#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

/* Both steps can be undone, so that words that differ never become equal here. */
static uint64_t mix(uint64_t state, uint64_t word)
{
	state = (state ^ word) * MULTIPLIER;
	return state ^ state >> 29;
}

uint64_t checksum(const char *data, size_t length)
{
	uint64_t state = mix(MULTIPLIER, length);
	uint64_t word;

	for (; length >= sizeof(word); data += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		state = mix(state, word);
	}
	word = 0;
	if (length)
		memcpy(&word, data, length);
	return mix(mix(state, word), length) & RESULT_MASK;
}
