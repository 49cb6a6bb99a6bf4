/*
 * System calls for the launcher, and where it begins. It has no C library: setting that up takes longer than all that
 * the launcher does. Calls return -errno. Tests compile it with the library, for valgrind and the sanitizers.
 */
#ifndef LAUNCH_SYSTEM_H
#define LAUNCH_SYSTEM_H

#include <stdint.h>
#include <sys/syscall.h>

/* Never returns. `argv` is the array that the kernel has made: the environment follows it. */
_Noreturn void launch(char **argv);

#if defined(LAUNCH_WITHOUT_LIBRARY) && defined(__x86_64__)

static inline long system_call6(long number, long first, long second, long third, long fourth, long fifth, long sixth)
{
	register long r10 __asm__("r10") = fourth;
	register long r8 __asm__("r8") = fifth;
	register long r9 __asm__("r9") = sixth;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(LAUNCH_WITHOUT_LIBRARY) && defined(__aarch64__)

static inline long system_call6(long number, long first, long second, long third, long fourth, long fifth, long sixth)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = first;
	register long x1 __asm__("x1") = second;
	register long x2 __asm__("x2") = third;
	register long x3 __asm__("x3") = fourth;
	register long x4 __asm__("x4") = fifth;
	register long x5 __asm__("x5") = sixth;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#else

#include <errno.h>
#include <unistd.h>

static inline long system_call6(long number, long first, long second, long third, long fourth, long fifth, long sixth)
{
	long result = syscall(number, first, second, third, fourth, fifth, sixth);

	return result < 0 ? -errno : result;
}

#endif

static inline long system_call(long number, long first, long second, long third, long fourth)
{
	return system_call6(number, first, second, third, fourth, 0, 0);
}

struct limit {
	uint64_t soft, hard;
};

/* A limit of this process; no limit is the largest number. */
static inline struct limit limit_of(int resource)
{
	struct limit limit = { UINT64_MAX, UINT64_MAX };

	system_call(SYS_prlimit64, 0, resource, 0, (long)&limit);
	return limit;
}

#endif
