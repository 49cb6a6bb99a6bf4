/* Where the launcher begins: with the stack as the kernel has made it, aligned as C wants it. */
#include "system.h"

#if defined(LAUNCH_WITHOUT_LIBRARY) && defined(__x86_64__)

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	lea 8(%rsp), %rdi\n"
	"	and $-16, %rsp\n"
	"	call launch\n");

#elif defined(LAUNCH_WITHOUT_LIBRARY) && defined(__aarch64__)

__asm__(".globl _start\n"
	"_start:\n"
	"	mov x29, #0\n"
	"	mov x30, #0\n"
	"	add x0, sp, #8\n"
	"	bl launch\n");

#else

int main(int argc, char **argv)
{
	(void)argc;
	launch(argv);
}

#endif
