/* Steps that make other processes: helpers that act from outside, and the child that the program runs in. */
#include "nsexec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Values of the first argument of `fork`: FORK_SIGNALS of plan.ts. */
enum { SIGNALS_LEAVE, SIGNALS_BLOCK, SIGNALS_FORWARD };

/* What a program exits with that was ended for its time, as that of timeout(1), and how long it may take to end. */
enum { EXIT_EXPIRED = 124, GRACE_SECONDS = 2 };

static pid_t forwarded_to;
static bool forwards_to_group;
static pid_t limited;
static volatile sig_atomic_t has_expired;

/* Waits until the parent releases this helper. Without a parent there is nothing to help. */
static void await_release(int descriptor)
{
	char byte;
	ssize_t count;

	do
		count = read(descriptor, &byte, 1);
	while (count < 0 && errno == EINTR);
	close(descriptor);
	if (count != 1)
		exit(EXIT_FAILURE);
}

/* A helper knows of its end by the end of this pipe, so no other process may keep it open. */
static void forget_helpers(struct state *state)
{
	for (size_t at = 0; at < MOST_HELPERS; at++)
		if (state->helpers[at].pid) {
			close(state->helpers[at].release);
			state->helpers[at].pid = 0;
		}
}

int step_default_action(struct state *state, const union argument *argument)
{
	(void)state;
	reset_signal((int)argument[0].number);
	return 0;
}

int step_helper(struct state *state, const union argument *argument)
{
	struct helper *helper = &state->helpers[argument[0].number];
	int ends[2];

	reset_signal(SIGCHLD);
	if (pipe2(ends, O_CLOEXEC))
		return fail(state, "pipe failed");
	state->child = fork();
	if (state->child < 0)
		return -1;
	if (state->child) {
		close(ends[0]);
		*helper = (struct helper){ state->child, ends[1] };
		return 0;
	}
	close(ends[1]);
	forget_helpers(state);
	await_release(ends[0]);
	return 0;
}

int step_end(struct state *state, const union argument *argument)
{
	(void)state;
	(void)argument;
	exit(EXIT_SUCCESS);
}

int step_release(struct state *state, const union argument *argument)
{
	struct helper *helper = &state->helpers[argument[0].number];
	pid_t pid = helper->pid;
	int status;

	if (!pid)
		return 0;
	helper->pid = 0;
	if (write_all(helper->release, "", 1))
		return fail(state, "write failed");
	close(helper->release);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail(state, "waitpid failed");
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : state->failure);
}

static void forward_signal(int number)
{
	if (forwarded_to <= 0)
		return;
	if (forwards_to_group)
		kill(-forwarded_to, number);
	kill(forwarded_to, number);
}

/* A set of signals as the kernel has it: signal 1 is the lowest bit. */
static uint64_t set_of(int number)
{
	return UINT64_C(1) << (number - 1);
}

/*
 * sigprocmask(2) itself: C libraries keep their own signals out of the sets that they give back, and these are
 * not the same in all of them.
 */
static uint64_t change_mask(int how, uint64_t set)
{
	uint64_t before = 0;

	syscall(SYS_rt_sigprocmask, how, &set, &before, sizeof(set));
	return before;
}

static void forward_interruptions(void)
{
	struct sigaction action = { .sa_handler = forward_signal, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

/* Arranges for this child's death when its parent dies. The parent may have died already: its pidfd shows it. */
static int die_with_parent(struct state *state, int parent, int number)
{
	struct pollfd poller = { .fd = parent, .events = POLLIN };
	int ready;

	if (prctl(PR_SET_PDEATHSIG, number))
		return fail(state, "prctl failed");
	ready = poll(&poller, 1, 0);
	if (ready < 0)
		return fail(state, "poll parent pidfd failed");
	if (ready)
		exit(state->failure);
	close(parent);
	return 0;
}

int step_fork(struct state *state, const union argument *argument)
{
	long signals = argument[0].number;
	int death_signal = (int)argument[1].number;
	int parent = -1;
	uint64_t before;

	reset_signal(SIGCHLD);
	before = change_mask(SIG_BLOCK, signals == SIGNALS_BLOCK ? set_of(SIGINT) | set_of(SIGTERM) : 0);
	/* After the mask is known: musl unblocks its own signals before the first handler. */
	if (signals == SIGNALS_FORWARD)
		forward_interruptions();
	if (death_signal) {
		parent = (int)syscall(SYS_pidfd_open, getpid(), 0);
		if (parent < 0)
			return fail(state, "pidfd_open failed");
	}
	state->child = forwarded_to = fork();
	if (state->child < 0)
		return -1;
	if (state->child) {
		if (parent >= 0)
			close(parent);
		return 0;
	}
	forget_helpers(state);
	if (signals == SIGNALS_FORWARD) {
		reset_signal(SIGTERM);
		reset_signal(SIGINT);
	}
	change_mask(SIG_SETMASK, before);
	return death_signal ? die_with_parent(state, parent, death_signal) : 0;
}

/* A program that reads from a terminal must stay in the group that may. */
static bool may_leave_group(void)
{
	return !isatty(STDIN_FILENO);
}

int step_process_group(struct state *state, const union argument *argument)
{
	(void)state;
	(void)argument;
	return may_leave_group() ? setpgid(0, 0) : 0;
}

/* Ends the child, and its process group where it has one: by SIGTERM, by SIGKILL if it is there still. */
static void expire(int number)
{
	int error = errno;

	(void)number;
	kill(-limited, has_expired ? SIGKILL : SIGTERM);
	kill(limited, has_expired ? SIGKILL : SIGTERM);
	has_expired = 1;
	alarm(GRACE_SECONDS);
	errno = error;
}

int step_limit(struct state *state, const union argument *argument)
{
	struct sigaction action = { .sa_handler = expire };
	struct itimerval timer = { .it_value = { argument[0].number / 1000, argument[0].number % 1000 * 1000 } };

	if (state->child <= 0) {
		errno = ESRCH;
		return -1;
	}
	limited = state->child;
	forwards_to_group = may_leave_group();
	sigemptyset(&action.sa_mask);
	change_mask(SIG_UNBLOCK, set_of(SIGALRM));
	return sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &timer, NULL) ? -1 : 0;
}

/* Ends this process by the signal that ended its child. */
static void die_by(int number)
{
	reset_signal(number);
	change_mask(SIG_UNBLOCK, set_of(number));
	kill(getpid(), number);
}

/*
 * Stops as the child has stopped, and continues it when continued. A terminal stops and continues both of them
 * at once, and its SIGCONT may be there before the news that the child had stopped: then it goes on already.
 */
static void stop_with(pid_t child)
{
	int status;

	if (waitpid(child, &status, WCONTINUED | WNOHANG) == child)
		return;
	kill(getpid(), SIGSTOP);
	kill(child, SIGCONT);
}

int step_wait(struct state *state, const union argument *argument)
{
	int status;

	for (;;) {
		if (waitpid(state->child, &status, argument[0].number ? WUNTRACED : 0) < 0) {
			if (errno == EINTR)
				continue;
			return fail(state, "waitpid failed");
		}
		if (!WIFSTOPPED(status))
			break;
		stop_with(state->child);
	}
	if (has_expired)
		exit(EXIT_EXPIRED);
	if (WIFSIGNALED(status))
		die_by(WTERMSIG(status));
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

/* Nothing of what started it stays open, so that no pipe waits for its end. */
static int leave_starter(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -1;
	for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
		if (dup2(null, descriptor) < 0)
			return -1;
	syscall(SYS_close_range, STDERR_FILENO + 1, UINT32_MAX, 0);
	return 0;
}

/* The command line of a process that stays is its name; the plan is of no use to people who list processes. */
static void clear_words(const struct state *state)
{
	for (int at = 1; at < state->argc; at++)
		memset(state->argv[at], 0, strlen(state->argv[at]));
}

int step_hold(struct state *state, const union argument *argument)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	(void)argument;
	setsid();
	reset_signal(SIGTERM);
	change_mask(SIG_SETMASK, 0);
	if (write_all(STDOUT_FILENO, text, (size_t)length) || leave_starter())
		return -1;
	clear_words(state);
	for (;;)
		pause();
}
