#ifndef ADDON_CHECKSUM_H
#define ADDON_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Any difference of up to 8 bytes in a row changes it with a chance of all but 1 in 2^53. */
uint64_t checksum(const char *data, size_t length);

#endif
