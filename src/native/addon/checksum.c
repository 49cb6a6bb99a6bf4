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

/* Four states take turns, so that the processor multiplies for one while it waits for another. */
enum { LANES = 4 };

uint64_t checksum(const char *data, size_t length)
{
	uint64_t state[LANES], words[LANES] = { 0 };
	uint64_t result;
	size_t left = length;

	for (unsigned lane = 0; lane < LANES; lane++)
		state[lane] = mix(MULTIPLIER, length + lane);
	for (; left >= sizeof(words); data += sizeof(words), left -= sizeof(words)) {
		memcpy(words, data, sizeof(words));
		for (unsigned lane = 0; lane < LANES; lane++)
			state[lane] = mix(state[lane], words[lane]);
	}
	memset(words, 0, sizeof(words));
	if (left)
		memcpy(words, data, left);
	result = state[0];
	for (unsigned lane = 1; lane < LANES; lane++)
		result = mix(result, state[lane]);
	for (unsigned lane = 0; lane < LANES; lane++)
		result = mix(result, words[lane]);
	return result & RESULT_MASK;
}
