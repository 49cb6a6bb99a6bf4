/*
 * nsexec carries out a plan: a list of steps, each a system call or a few that belong together, made by
 * src/kernel/plans/plan.ts. It runs in the process that Node was (same pid, one thread), and ends by becoming
 * the program that the user asked for.
 */
#ifndef NSEXEC_H
#define NSEXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	MOST_SLOTS = 32,
	MOST_TARGETS = 16,
	MOST_WORDS = 2048,
	MOST_HELPERS = 2,
	MOST_GROUPS = 4096,
	MOST_ARGUMENTS = 5,
};

/* A namespace that `enter` is to enter: by its own descriptor if the slot is open, else by the pidfd. */
struct target {
	long slot;
	int type;
	const char *phrase;
	bool done;
};

/* A child that waits for its release, then runs its own part of the plan. */
struct helper {
	pid_t pid;
	int release;
};

struct state {
	const char *program;             /* what messages start with, empty for nothing */
	int failure;                     /* exit status of a failed step */
	char **argv;                     /* the command line as ps shows it; the user's program is its end */
	int argc;
	int slots[MOST_SLOTS];           /* open descriptors by their number in the plan, -1 if not open */
	struct target targets[MOST_TARGETS];
	size_t target_count;
	char *words[MOST_WORDS + 1];     /* of the next `run` */
	size_t word_count;
	pid_t pid;                       /* of the process that the plan began in */
	char pid_text[16];               /* the same as a word */
	struct helper helpers[MOST_HELPERS];
	pid_t child;                     /* of `fork` */
	bool kept_groups;                /* a setgroups failed */
	const char *outcome;             /* of the running step, as the plan has it */
	const char *phrase;              /* set by a failing step that knows better than the plan what failed */
	int status;                      /* set by a failing step: exit status instead of `failure` */
};

/* An argument of a step, checked before the first step runs. */
union argument {
	const char *text;
	long number;
};

/* Runs a step. Returns 0, or -1 with errno set; with errno 0 the phrase is all there is to say. */
typedef int step_function(struct state *state, const union argument *argument);

struct operation {
	const char *name;
	const char *arguments;           /* a letter for each: t text, n number, s slot, h helper */
	step_function *run;
};

/* Finds a step by its name; NULL if there is none (operations.c). */
const struct operation *find_operation(const char *name);

/* namespaces.c */
step_function step_open, step_adopt, step_pidfd, step_check_pidfd, step_namespace_by_id, step_user_namespace, step_parent,
	step_socket_namespace, step_setns, step_target, step_enter, step_unshare,
	step_hostname;
/* files.c */
step_function step_mount, step_umount, step_replace_sysfs, step_write, step_map, step_make_private, step_chroot,
	step_chdir, step_fchdir, step_find_cgroup, step_join_cgroup, step_print;
/* identity.c */
step_function step_setgroups, step_setgroups_again, step_setgid, step_setuid, step_setgid_of, step_setuid_of,
	step_groups, step_hold_capabilities, step_keep_capabilities, step_follow_context;
/* processes.c */
step_function step_default_action, step_helper, step_end, step_release, step_fork, step_wait,
	step_process_group, step_limit, step_hold;
/* programs.c */
step_function step_environment, step_clear_environment, step_variable, step_argument, step_argument_pid, step_run, step_exec, step_shell, step_exit;

/* Puts an opened descriptor into a slot. Returns 0, or -1 if there is no descriptor. */
int fill_slot(struct state *state, long slot, int descriptor);

/* Writes all of `text`; -1 on failure. */
int write_all(int descriptor, const char *text, size_t length);

/* Reads what is left of a file into new memory, ended by NUL; NULL on failure. */
char *read_all(int descriptor, size_t *length);

/* Fails with this phrase, printf-like, and the present errno. Returns -1. */
int fail(struct state *state, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text of an error number (errors.c). */
const char *text_of_error(int error);

/* Becomes the program that the first word names, found by PATH; returns only on failure, with errno (execute.c). */
void execute_by_name(char **words);

/* Default action for a signal. */
void reset_signal(int number);

#endif
