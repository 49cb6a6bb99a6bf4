/* The functions that JavaScript gets, by their names there: one list for their declarations and for the table. */
#ifndef ADDON_CALLS_H
#define ADDON_CALLS_H

#include "call.h"

#define CALLS \
	CALL("checksum", call_checksum) \
	CALL("setns", call_setns) \
	CALL("unshare", call_unshare) \
	CALL("mount", call_mount) \
	CALL("umount2", call_umount2) \
	CALL("fsopen", call_fsopen) \
	CALL("fsconfigCreate", call_fsconfig_create) \
	CALL("fsmount", call_fsmount) \
	CALL("flock", call_flock) \
	CALL("ioctl", call_ioctl) \
	CALL("ioctlBytes", call_ioctl_bytes) \
	CALL("ioctlInterface", call_ioctl_interface) \
	CALL("socket", call_socket) \
	CALL("close", call_close) \
	CALL("giveAway", call_give_away) \
	CALL("send", call_send) \
	CALL("recv", call_recv) \
	CALL("setsockopt", call_setsockopt) \
	CALL("getsockopt", call_getsockopt) \
	CALL("getsockoptBytes", call_getsockopt_bytes) \
	CALL("netlinkPort", call_netlink_port) \
	CALL("netlinkBind", call_netlink_bind) \
	CALL("netlinkConnect", call_netlink_connect) \
	CALL("bind", call_bind) \
	CALL("listen", call_listen) \
	CALL("accept", call_accept) \
	CALL("describePeer", call_describe_peer) \
	CALL("describeProcess", call_describe_process) \
	CALL("receiveDatagrams", call_receive_datagrams) \
	CALL("receivePackets", call_receive_packets) \
	CALL("ifNameToIndex", call_if_name_to_index) \
	CALL("ifIndexToName", call_if_index_to_name) \
	CALL("bpfOpenPinned", call_bpf_open_pinned) \
	CALL("bpfOpenProgram", call_bpf_open_program) \
	CALL("bpfObjectInfo", call_bpf_object_info) \
	CALL("bpfLoad", call_bpf_load) \
	CALL("bpfAttach", call_bpf_attach) \
	CALL("inotifyInit", call_inotify_init) \
	CALL("inotifyAddWatch", call_inotify_add_watch) \
	CALL("fcntl", call_fcntl) \
	CALL("prctl", call_prctl) \
	CALL("capget", call_capget) \
	CALL("capset", call_capset) \
	CALL("userId", call_user_id) \
	CALL("groupId", call_group_id) \
	CALL("userName", call_user_name) \
	CALL("groupName", call_group_name) \
	CALL("userAccount", call_user_account) \
	CALL("userGroups", call_user_groups) \
	CALL("hostName", call_host_name) \
	CALL("setenv", call_setenv) \
	CALL("execve", call_execve) \
	CALL("spawn", call_spawn) \
	CALL("waitpid", call_waitpid) \
	CALL("isatty", call_isatty) \
	CALL("exit", call_exit)

#define CALL(name, function) napi_value function(napi_env env, napi_callback_info info);
CALLS
#undef CALL

#endif
