/* The steps that a plan can have, with the kinds of their arguments; `shapes` of plan.ts has the same. */
#include "nsexec.h"

#include <string.h>

static const struct operation operations[] = {
	{ "open", "st", step_open },
	{ "adopt", "sn", step_adopt },
	{ "pidfd", "sn", step_pidfd },
	{ "check-pidfd", "nt", step_check_pidfd },
	{ "namespace-by-id", "sntt", step_namespace_by_id },
	{ "user-namespace", "ss", step_user_namespace },
	{ "parent", "ss", step_parent },
	{ "socket-namespace", "ssn", step_socket_namespace },
	{ "setns", "sn", step_setns },
	{ "target", "sn", step_target },
	{ "enter", "s", step_enter },
	{ "default-action", "n", step_default_action },
	{ "unshare", "n", step_unshare },
	{ "hostname", "t", step_hostname },
	{ "mount", "tttnt", step_mount },
	{ "make-private", "t", step_make_private },
	{ "umount", "tn", step_umount },
	{ "replace-sysfs", "tt", step_replace_sysfs },
	{ "write", "ttt", step_write },
	{ "map", "tt", step_map },
	{ "chroot", "t", step_chroot },
	{ "chdir", "t", step_chdir },
	{ "fchdir", "s", step_fchdir },
	{ "find-cgroup", "sn", step_find_cgroup },
	{ "join-cgroup", "s", step_join_cgroup },
	{ "setgroups", "", step_setgroups },
	{ "setgroups-again", "", step_setgroups_again },
	{ "groups", "t", step_groups },
	{ "hold-capabilities", "", step_hold_capabilities },
	{ "setgid", "n", step_setgid },
	{ "setuid", "n", step_setuid },
	{ "setgid-of", "s", step_setgid_of },
	{ "setuid-of", "s", step_setuid_of },
	{ "keep-capabilities", "", step_keep_capabilities },
	{ "follow-context", "n", step_follow_context },
	{ "helper", "h", step_helper },
	{ "end", "", step_end },
	{ "release", "h", step_release },
	{ "fork", "nn", step_fork },
	{ "limit", "n", step_limit },
	{ "wait", "n", step_wait },
	{ "process-group", "", step_process_group },
	{ "hold", "", step_hold },
	{ "environment", "s", step_environment },
	{ "clear-environment", "", step_clear_environment },
	{ "variable", "tt", step_variable },
	{ "argument", "t", step_argument },
	{ "argument-pid", "", step_argument_pid },
	{ "run", "nn", step_run },
	{ "exec", "nnn", step_exec },
	{ "shell", "nn", step_shell },
	{ "print", "nt", step_print },
	{ "exit", "n", step_exit },
};

const struct operation *find_operation(const char *name)
{
	for (size_t at = 0; at < COUNT(operations); at++)
		if (!strcmp(operations[at].name, name))
			return &operations[at];
	return NULL;
}
