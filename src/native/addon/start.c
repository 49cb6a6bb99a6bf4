/* Restores what the launcher has recorded (start-record.h), as far as Node itself can live with it. */
#include "start.h"
#include "../start-record.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Text of the record after its name; NULL while there is none. In the environment's own memory, which stays. */
static const char *record;
static uint64_t ignored;
/* Signals that are ignored because the caller blocks them. */
static uint64_t held;

static bool is_in(uint64_t set, int number)
{
	return set >> (number - 1) & 1;
}

static void show_hidden_variables(void)
{
	for (char **at = environ; *at; at++) {
		char *rest = *at + 1;

		if (**at != HIDING_LETTER)
			continue;
		if (!strncmp(rest, REST_OF_NODE, strlen(REST_OF_NODE)))
			**at = FIRST_LETTER_OF_NODE;
		else if (!strncmp(rest, REST_OF_OPENSSL, strlen(REST_OF_OPENSSL)))
			**at = FIRST_LETTER_OF_OPENSSL;
	}
}

/* Those that Node has handlers for lose them: the caller did not want us to end by them either. */
static void ignore_signals(uint64_t set)
{
	for (int number = 1; number < FIRST_KEPT_SIGNAL; number++)
		if (is_in(set, number))
			signal(number, SIG_IGN);
}

static void block_signals(uint64_t set)
{
	sigset_t signals;

	sigemptyset(&signals);
	for (int number = 1; number <= 64; number++)
		if (is_in(set, number))
			sigaddset(&signals, number);
	pthread_sigmask(SIG_SETMASK, &signals, NULL);
}

/* Those that a fault of the program itself raises, and the one by which it learns of the end of its children. */
static bool is_needed(int number)
{
	static const int needed[] = { SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGCHLD };

	for (size_t at = 0; at < sizeof(needed) / sizeof(needed[0]); at++)
		if (needed[at] == number)
			return true;
	return false;
}

/*
 * Node's other threads do not block what the caller blocks, and one of them would take it: ignored, such a signal
 * does not end us either.
 */
static void hold_signals(uint64_t blocked)
{
	for (int number = 1; number < FIRST_KEPT_SIGNAL; number++) {
		if (!is_in(blocked, number) || is_in(ignored, number) || is_needed(number))
			continue;
		held |= UINT64_C(1) << (number - 1);
		signal(number, SIG_IGN);
	}
}

/* Reads the two sets of signals, which follow the limit; false if they are not there. */
static bool read_signals(const char *text, uint64_t *first, uint64_t *second)
{
	char *end;

	strtoull(text, &end, 10);
	if (end == text || *end != ' ')
		return false;
	text = end;
	*first = strtoull(text, &end, 16);
	if (end == text || *end != ' ')
		return false;
	text = end;
	*second = strtoull(text, &end, 16);
	return end > text && *end == ' ';
}

/*
 * Those by which Node would do something else than end: SIGUSR1 opens its debugger to all of this machine, and pipes
 * that nobody reads and files that grow too large only fail.
 */
static void let_signals_end_us(void)
{
	signal(SIGUSR1, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
}

/* The word after `word`, or `end`; words lie one after the other in memory. */
static char *next_word(char *word, char *end)
{
	size_t length = strnlen(word, (size_t)(end - word));

	return length < (size_t)(end - word) ? word + length + 1 : end;
}

/*
 * Lets ps, pgrep and killall see the program's name and words, as of the original, and not those of Node. The words
 * lie in memory up to `end`: the name, options for Node, the script, the program, and the words given. Nobody reads
 * them there any more.
 */
static void show_own_words(char *end)
{
	char *name = program_invocation_name;
	char *hidden, *rest;

	if (name >= end)
		return;
	hidden = next_word(name, end);
	for (rest = hidden; rest < end && *rest == '-';)
		rest = next_word(rest, end);
	rest = next_word(next_word(rest, end), end);
	memmove(hidden, rest, (size_t)(end - rest));
	memset(end - (rest - hidden), 0, (size_t)(rest - hidden));
	prctl(PR_SET_NAME, program_invocation_short_name);
}

/* Acts once, however often the addon is loaded: threads may load it again. */
static void restore(void)
{
	uint64_t blocked;

	if (record || !environ || !*environ || strncmp(*environ, START_RECORD, strlen(START_RECORD)))
		return;
	if (!read_signals(*environ + strlen(START_RECORD), &ignored, &blocked))
		return;
	record = *environ + strlen(START_RECORD);
	show_own_words(*environ);
	environ++;
	show_hidden_variables();
	let_signals_end_us();
	ignore_signals(ignored);
	block_signals(blocked);
	hold_signals(blocked);
}

napi_status take_start_record(napi_env env, napi_value exports)
{
	napi_value text;
	napi_status status;

	restore();
	status = record ? napi_create_string_latin1(env, record, NAPI_AUTO_LENGTH, &text)
			: napi_get_undefined(env, &text);
	return status == napi_ok ? napi_set_named_property(env, exports, "startRecord", text) : status;
}

void set_signals_ignored_by_node(void (*handler)(int))
{
	static const int numbers[] = { SIGPIPE, SIGXFSZ };

	for (int number = 1; number < FIRST_KEPT_SIGNAL; number++)
		if (is_in(held, number))
			signal(number, handler);
	for (size_t at = 0; at < sizeof(numbers) / sizeof(numbers[0]); at++)
		if (!is_in(ignored | held, numbers[at]))
			signal(numbers[at], handler);
}

void reset_signal_handlers(void)
{
	for (int number = 1; number < FIRST_KEPT_SIGNAL; number++) {
		struct sigaction action;

		if (sigaction(number, NULL, &action))
			continue;
		if (action.sa_handler != SIG_IGN || is_in(held, number))
			signal(number, SIG_DFL);
	}
}
