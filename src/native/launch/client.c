/*
 * The client of `tsip run`. Inside it, TSIP_RUN=PID:FD:INODE:PACKAGE names the engine's process, its descriptor of the
 * socket, the socket's inode number and the folder of the package. The client sends its words and variables, writes what the
 * engine answers on its own standard output and standard error, and exits as the engine says; or becomes the program that
 * the engine names; or returns, and Node is started as usual. The protocol is described in src/commands/run/protocol.ts. A
 * request that was sent whole is never sent again, nor made by Node after the engine has ended: a change must not be made
 * twice.
 */
#include "client.h"
#include "system.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

enum {
	STDOUT = 1,
	STDERR = 2,
	FRAME_OUT = 1,
	FRAME_ERROR = 2,
	FRAME_EXIT = 3,
	FRAME_START = 4,
	FRAME_EXEC = 5,
	MAGIC = 0x31525354,
	MAX_EXEC = 128 << 10,
	MAX_TEXTS = 4096,
	MAX_REQUEST = 1 << 20,
	BUFFER = 32 << 10,
	FAILURE = 1,
};

struct header {
	uint32_t magic, length, words, variables, flags, columns;
};

struct frame {
	uint32_t kind, length;
};

/* The kernel's struct ucred. */
struct credentials {
	int32_t pid;
	uint32_t user, group;
};

static _Noreturn void leave(int status)
{
	for (;;)
		system_call(SYS_exit_group, status, 0, 0, 0);
}

static const char *value_of(char **environment, const char *name_and_equals)
{
	for (; *environment; environment++)
		if (begins_with(*environment, name_and_equals))
			return *environment + length_of(name_and_equals);
	return NULL;
}

/* Waits until a descriptor that does not block can be used again. */
static void wait_for(int descriptor, short events)
{
	struct pollfd poll = { descriptor, events, 0 };

	system_call6(SYS_ppoll, (long)&poll, 1, 0, 0, 0, 0);
}

/* Writes all of it. What nobody reads is lost, as with the originals; a SIGPIPE that is not ignored ends this process. */
static bool write_all(int descriptor, const char *bytes, size_t length)
{
	while (length) {
		long written = system_call(SYS_write, descriptor, (long)bytes, (long)length, 0);

		if (written == -EAGAIN)
			wait_for(descriptor, POLLOUT);
		else if (written < 0 && written != -EINTR)
			return false;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return true;
}

/* Reads all of it; false if the engine has ended before. */
static bool read_all(int descriptor, void *into, size_t length)
{
	char *bytes = into;

	while (length) {
		long count = system_call(SYS_read, descriptor, (long)bytes, (long)length, 0);

		if (count == -EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Sends bytes to the engine; no signal if it has ended. */
static bool send_all(int engine, const char *bytes, size_t length)
{
	while (length) {
		long sent = system_call6(SYS_sendto, engine, (long)bytes, (long)length, MSG_NOSIGNAL, 0, 0);

		if (sent == -EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

/* A connected socket that is not one of the standard descriptors, which may be closed. */
static long connect_to(const char *path)
{
	struct sockaddr_un address; /* Not initialised as a whole: that would call memset. */
	size_t length = length_of(path);
	long engine, above, error;

	if (length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	address.sun_family = AF_UNIX;
	for (size_t at = 0; at <= length; at++)
		address.sun_path[at] = path[at];
	engine = system_call(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0);
	if (engine < 0)
		return engine;
	above = system_call(SYS_fcntl, engine, F_DUPFD_CLOEXEC, STDERR + 1, 0);
	system_call(SYS_close, engine, 0, 0, 0);
	if (above < 0)
		return above;
	error = system_call(SYS_connect, above, (long)&address, sizeof(address), 0);
	if (!error)
		return above;
	system_call(SYS_close, above, 0, 0, 0);
	return error;
}

/* The engine acts for its own user only, and the client does what it answers: nobody else's engine will do. */
static bool is_own(long engine)
{
	struct credentials peer = { 0, UINT32_MAX, UINT32_MAX };
	socklen_t length = sizeof(peer);
	long user = system_call(SYS_geteuid, 0, 0, 0, 0);

	return !system_call6(SYS_getsockopt, engine, SOL_SOCKET, SO_PEERCRED, (long)&peer, (long)&length, 0) &&
	       (long)peer.user == user && system_call(SYS_getuid, 0, 0, 0, 0) == user;
}

/* Reads a number and the colon after it; false if there is none. */
static bool read_number(const char **text, uint64_t *number)
{
	const char *start = *text;

	for (*number = 0; **text >= '0' && **text <= '9'; ++*text)
		*number = *number * 10 + (uint64_t)(**text - '0');
	return *text != start && *(*text)++ == ':';
}

/*
 * A socket that is connected to the engine. Its file has been removed, so that nothing is left when the engine ends; the
 * engine's own descriptor leads to it. The inode number distinguishes it from a descriptor of another process with that number.
 */
static long find_engine(char **environment)
{
	const char *place = value_of(environment, "TSIP_RUN=");
	uint64_t process, descriptor, inode;
	char space[PATH_MAX];
	struct text path = TEXT(space);
	struct stat file;
	long engine;

	if (!place || !read_number(&place, &process) || !read_number(&place, &descriptor) || !read_number(&place, &inode))
		return -ENOENT;
	add(&path, "/proc/");
	add_number(&path, process, 10);
	add(&path, "/fd/");
	add_number(&path, descriptor, 10);
	if (system_call(SYS_newfstatat, AT_FDCWD, (long)path.start, (long)&file, 0) || file.st_ino != inode)
		return -ENOENT;
	engine = connect_to(path.start);
	if (engine < 0 || is_own(engine))
		return engine;
	system_call(SYS_close, engine, 0, 0, 0);
	return -EPERM;
}

bool engine_package(struct text *package, char **environment)
{
	const char *place = value_of(environment, "TSIP_RUN=");
	uint64_t number;

	if (!place || !read_number(&place, &number) || !read_number(&place, &number) || !read_number(&place, &number))
		return false;
	package->length = 0;
	add(package, place);
	add(package, "/");
	return *place == '/';
}

static uint32_t terminals(void)
{
	struct termios settings;
	uint32_t flags = 0;

	for (int descriptor = 0; descriptor <= STDERR; descriptor++)
		if (!system_call(SYS_ioctl, descriptor, TCGETS, (long)&settings, 0))
			flags |= 1u << descriptor;
	return flags;
}

static uint32_t columns(void)
{
	struct winsize size = { 0, 0, 0, 0 };

	return system_call(SYS_ioctl, STDOUT, TIOCGWINSZ, (long)&size, 0) ? 0 : size.ws_col;
}

static size_t size_of(char **strings, uint32_t *number)
{
	size_t size = 0;

	for (*number = 0; strings[*number]; ++*number)
		size += length_of(strings[*number]) + 1;
	return size;
}

static void add_texts(struct text *text, char **strings)
{
	for (; *strings; strings++)
		add_bytes(text, *strings, length_of(*strings) + 1);
}

static bool send_request(int engine, const char *program, char **argv, char **environment)
{
	struct header header = { .magic = MAGIC, .flags = terminals(), .columns = columns() };
	size_t name = length_of(program) + 1, texts;

	texts = name + size_of(argv, &header.words) + size_of(environment, &header.variables);
	if (!header.words || texts > MAX_REQUEST)
		return false;
	header.length = (uint32_t)(sizeof(header) - offsetof(struct header, words) + texts);

	char space[sizeof(header) + texts + 1];
	struct text request = { space, 0, sizeof(space), false };

	add_bytes(&request, (const char *)&header, sizeof(header));
	add_bytes(&request, program, name);
	add_texts(&request, argv);
	add_texts(&request, environment);
	return !request.full && send_all(engine, request.start, request.length);
}

/* Passes the payload of a frame on. False if the engine has ended. */
static bool pass_on(int engine, int descriptor, size_t length)
{
	char bytes[BUFFER];
	bool is_read = true;

	while (length) {
		size_t piece = length < sizeof(bytes) ? length : sizeof(bytes);

		if (!read_all(engine, bytes, piece))
			return false;
		if (is_read)
			is_read = write_all(descriptor, bytes, piece);
		length -= piece;
	}
	return true;
}

/* Splits `bytes` into `number` texts; false if there are fewer. */
static bool split(char **into, uint32_t number, char **at, const char *end)
{
	for (uint32_t next = 0; next < number; next++) {
		into[next] = *at;
		while (*at < end && **at)
			++*at;
		if (*at == end)
			return false;
		++*at;
	}
	into[number] = NULL;
	return true;
}

/* Becomes the program that the engine names, with its variables before those of this process. */
static bool become(int engine, size_t length, char **environment)
{
	char bytes[MAX_EXEC], *at = bytes + 8, *path[2];
	uint32_t counts[2], own = 0;

	if (length < sizeof(counts) || length > sizeof(bytes) || !read_all(engine, bytes, length))
		return false;
	__builtin_memcpy(counts, bytes, sizeof(counts));
	if (counts[0] > MAX_TEXTS || counts[1] > MAX_TEXTS)
		return false;
	while (environment[own])
		own++;

	char *argv[counts[0] + 1], *variables[counts[1] + own + 1];

	if (!split(path, 1, &at, bytes + length) || !split(argv, counts[0], &at, bytes + length) ||
	    !split(variables, counts[1], &at, bytes + length))
		return false;
	for (uint32_t next = 0; next <= own; next++)
		variables[counts[1] + next] = environment[next];
	system_call(SYS_execve, (long)path[0], (long)argv, (long)variables, 0);
	return false;
}

static _Noreturn void report_end(const char *name)
{
	char space[PATH_MAX + 128];
	struct text line = TEXT(space);

	add(&line, base_of(name));
	add(&line, ": tsip run has ended in the middle of this call\n");
	write_all(STDERR, line.start, line.length);
	leave(FAILURE);
}

void call_engine(const char *program, char **argv, char **environment)
{
	long found = find_engine(environment);
	int engine = (int)found;
	struct frame frame;

	if (found < 0)
		return;
	if (!send_request(engine, program, argv, environment)) {
		system_call(SYS_close, engine, 0, 0, 0);
		return;
	}
	while (read_all(engine, &frame, sizeof(frame))) {
		uint32_t status;

		switch (frame.kind) {
		case FRAME_OUT:
		case FRAME_ERROR:
			if (!pass_on(engine, frame.kind == FRAME_OUT ? STDOUT : STDERR, frame.length))
				report_end(argv[0]);
			break;
		case FRAME_EXIT:
			if (!read_all(engine, &status, sizeof(status)))
				report_end(argv[0]);
			leave((int)status);
		case FRAME_EXEC:
			become(engine, frame.length, environment);
			report_end(argv[0]);
		case FRAME_START:
			system_call(SYS_close, engine, 0, 0, 0);
			return;
		default:
			report_end(argv[0]);
		}
	}
	report_end(argv[0]);
}
