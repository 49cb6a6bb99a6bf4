/*
 * What the engine of `tsip run` must know of a caller, read with a few system calls and without a name being looked up
 * twice. Sources: unix(7), proc(5), pidfd_send_signal(2), statx(2).
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000
#endif

enum { LONGEST_FOLDER = 32 };

/* Texts, each ended by a NUL. What does not fit is an error. */
struct texts {
	char *start;
	size_t size;
	size_t length;
	int error;
};

static void add_number(struct texts *texts, long number)
{
	size_t left = texts->size - texts->length;
	int length = snprintf(texts->start + texts->length, left, "%ld", number);

	if (length < 0 || (size_t)length >= left)
		texts->error = ENOBUFS;
	else
		texts->length += (size_t)length + 1;
}

static void add_link(struct texts *texts, int folder, const char *name)
{
	size_t left = texts->size - texts->length;
	ssize_t length = readlinkat(folder, name, texts->start + texts->length, left);

	if (length < 0) {
		texts->error = errno;
	} else if ((size_t)length >= left) {
		texts->error = ENOBUFS;
	} else {
		texts->length += (size_t)length;
		texts->start[texts->length++] = 0;
	}
}

/* A folder that a link leads to: what it is, and the mount through which it is seen. */
static void add_place(struct texts *texts, int folder, const char *name)
{
	size_t left = texts->size - texts->length;
	struct statx place = { 0 };
	int length;

	if (syscall(SYS_statx, folder, name, 0, STATX_INO | STATX_MNT_ID, &place)) {
		texts->error = errno;
		return;
	}
	length = snprintf(texts->start + texts->length, left, "%x:%x:%llx:%llx", place.stx_dev_major, place.stx_dev_minor,
			  (unsigned long long)place.stx_ino,
			  (unsigned long long)(place.stx_mask & STATX_MNT_ID ? place.stx_mnt_id : 0));
	if (length < 0 || (size_t)length >= left)
		texts->error = ENOBUFS;
	else
		texts->length += (size_t)length + 1;
}

static void add_file(struct texts *texts, int folder, const char *name)
{
	int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (file < 0) {
		texts->error = errno;
		return;
	}
	do {
		length = read(file, texts->start + texts->length, texts->size - texts->length);
		if (length < 0)
			texts->error = errno;
		else
			texts->length += (size_t)length;
	} while (length > 0 && texts->length < texts->size);
	if (texts->length == texts->size)
		texts->error = ENOBUFS;
	else
		texts->start[texts->length++] = 0;
	close(file);
}

static void add_process(struct texts *texts, long process)
{
	static const char *const namespaces[] = { "ns/user", "ns/pid", "ns/mnt", "ns/net" };
	char path[LONGEST_FOLDER] = "/proc/self";
	int folder;

	if (process)
		snprintf(path, sizeof(path), "/proc/%ld", process);
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		texts->error = errno;
		return;
	}
	for (size_t at = 0; at < sizeof(namespaces) / sizeof(*namespaces) && !texts->error; at++)
		add_link(texts, folder, namespaces[at]);
	if (!texts->error)
		add_place(texts, folder, "root");
	if (!texts->error)
		add_place(texts, folder, "cwd");
	if (!texts->error)
		add_file(texts, folder, "status");
	close(folder);
}

static int64_t result_of(const struct texts *texts)
{
	errno = texts->error;
	return texts->error ? -1 : (int64_t)texts->length;
}

int64_t describe_process(long process, char *into, size_t size)
{
	struct texts texts = { into, size, 0, 0 };

	add_number(&texts, process);
	if (!texts.error)
		add_number(&texts, 0);
	if (!texts.error)
		add_process(&texts, process);
	return result_of(&texts);
}

/*
 * A number of a process belongs to another when it has ended and its socket lives on in a child. Since Linux 6.5 a
 * socket knows the process itself, which is alive if it can be sent a signal.
 */
static int check_alive(int socket)
{
	int process = -1, error = 0;
	socklen_t length = sizeof(process);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &process, &length))
		return errno == ENOPROTOOPT ? 0 : errno;
	if (syscall(SYS_pidfd_send_signal, process, 0, NULL, 0))
		error = errno;
	close(process);
	return error;
}

int64_t describe_peer(int socket, char *into, size_t size)
{
	struct texts texts = { into, size, 0, 0 };
	struct ucred peer = { 0, (uid_t)-1, (gid_t)-1 };
	socklen_t length = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return -1;
	/* A process outside of this one's process namespace has no number here. */
	if (peer.pid <= 0) {
		errno = ESRCH;
		return -1;
	}
	add_number(&texts, peer.pid);
	if (!texts.error)
		add_number(&texts, (long)peer.uid);
	if (!texts.error)
		add_process(&texts, peer.pid);
	if (!texts.error)
		texts.error = check_alive(socket);
	return result_of(&texts);
}
