/*
 * Preloaded into an original program: netlink of the protocols route, generic and xfrm that never reaches the kernel. Requests are appended to the
 * file FAKE_REQUESTS; dumps are answered from the messages in the file FAKE_REPLIES, look-ups from these and those
 * in FAKE_DEVICES; everything else is acknowledged. So requests for devices that this kernel lacks can be seen,
 * requests that would hurt it are safe, and any bytes can be shown. FAKE_REFUSALS are what the kernel refuses, as
 * `TYPE:ERRNO` one after the other; FAKE_LATE_REFUSALS are dumps that it refuses at their end.
 *
 * The controller of generic netlink has the families that FAKE_FAMILIES names, `NAME:ID` one after the other, with ids
 * that are no types of another protocol, each with multicast groups: a socket that joins one receives what FAKE_EVENTS holds,
 * and no more. What answers a request of a family are the
 * messages of its id in FAKE_REPLIES; what answers one of xfrm, those in FAKE_XFRM_REPLIES. Requests of these protocols go
 * to FAKE_REQUESTS with the number of the protocol after it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { max_fd = 64, max_request = 1 << 18, max_queue = 1 << 26 };

static struct {
	bool is_fake;
	int protocol;
	char *bytes;          /* datagrams that wait: a length in four bytes, then the bytes */
	size_t at, end;
} sockets[max_fd];

/* Whole messages, back to back. */
struct messages {
	char *bytes;
	size_t length;
};

static struct messages replies, devices, xfrm_replies, events;
static int requests = -1, generic_requests = -1, xfrm_requests = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static struct messages read_messages(const char *path)
{
	struct messages all = { 0 };
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct stat status;
	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0) {
		all.bytes = malloc(status.st_size);
		ssize_t length = all.bytes ? read(fd, all.bytes, status.st_size) : -1;
		all.length = length > 0 ? length : 0;
	}
	if (fd >= 0)
		close(fd);
	return all;
}

static int open_requests(const char *path, int protocol)
{
	char name[4096];
	if (!path)
		return -1;
	snprintf(name, sizeof name, protocol == NETLINK_ROUTE ? "%s" : "%s.%d", path, protocol);
	return open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/*
 * The original sends bytes of its stack that it never set. They are zeros if nothing has used that memory before, so what
 * this file has left there is removed.
 */
__attribute__((noinline)) static void clear_stack(void)
{
	volatile char below[1 << 16];
	for (size_t at = 0; at < sizeof below; at++)
		below[at] = 0;
}

/* Reads the files that the environment names. */
__attribute__((constructor)) void load_fakes(void)
{
	if (getenv("FORK_SERVER"))
		return; /* fork-server.c calls this for each run, whose environment does not have that variable */
	replies = read_messages(getenv("FAKE_REPLIES"));
	devices = read_messages(getenv("FAKE_DEVICES"));
	events = read_messages(getenv("FAKE_EVENTS"));
	xfrm_replies = read_messages(getenv("FAKE_XFRM_REPLIES"));
	const char *path = getenv("FAKE_REQUESTS");
	requests = open_requests(path, NETLINK_ROUTE);
	generic_requests = open_requests(path, NETLINK_GENERIC);
	xfrm_requests = open_requests(path, NETLINK_XFRM);
	clear_stack();
}

static bool is_fake(int fd)
{
	return fd >= 0 && fd < max_fd && sockets[fd].is_fake;
}

int socket(int domain, int type, int protocol)
{
	int fd = REAL(socket)(domain, type, protocol);
	if (fd >= 0 && domain == AF_NETLINK &&
	    (protocol == NETLINK_ROUTE || protocol == NETLINK_GENERIC || protocol == NETLINK_XFRM)) {
		if (fd >= max_fd)
			abort();
		free(sockets[fd].bytes);
		memset(&sockets[fd], 0, sizeof sockets[fd]);
		sockets[fd].is_fake = true;
		sockets[fd].protocol = protocol;
	}
	return fd;
}

int close(int fd)
{
	if (is_fake(fd))
		sockets[fd].is_fake = false;
	return REAL(close)(fd);
}

/* The message after `message`, the first after NULL. */
static const struct nlmsghdr *next(const struct messages *all, const struct nlmsghdr *message)
{
	size_t at = message ? (const char *)message - all->bytes + NLMSG_ALIGN(message->nlmsg_len) : 0;
	if (at + sizeof *message > all->length)
		return NULL;
	const struct nlmsghdr *found = (const struct nlmsghdr *)(all->bytes + at);
	return found->nlmsg_len >= sizeof *found && found->nlmsg_len <= all->length - at ? found : NULL;
}

static const void *attribute(const struct nlmsghdr *message, size_t header, int type)
{
	if (message->nlmsg_len < NLMSG_LENGTH(header))
		return NULL;
	const struct rtattr *at = (const void *)((const char *)NLMSG_DATA(message) + NLMSG_ALIGN(header));
	int length = message->nlmsg_len - NLMSG_LENGTH(NLMSG_ALIGN(header));
	for (; RTA_OK(at, length); at = RTA_NEXT(at, length))
		if (at->rta_type == type)
			return RTA_DATA(at);
	return NULL;
}

/* The link with that name, or that index. */
static const struct nlmsghdr *find_link_in(const struct messages *all, const char *name, int index)
{
	for (const struct nlmsghdr *link = next(all, NULL); link; link = next(all, link)) {
		if (link->nlmsg_type != RTM_NEWLINK)
			continue;
		const struct ifinfomsg *header = NLMSG_DATA(link);
		const char *own = attribute(link, sizeof *header, IFLA_IFNAME);
		if (name ? own && strcmp(own, name) == 0 : header->ifi_index == index)
			return link;
	}
	return NULL;
}

static const struct nlmsghdr *find_link(const char *name, int index)
{
	const struct nlmsghdr *link = find_link_in(&replies, name, index);
	return link ? link : find_link_in(&devices, name, index);
}

static void queue(int fd, const void *bytes, uint32_t length)
{
	if (sockets[fd].end + length + 4 > max_queue)
		abort();
	char *grown = realloc(sockets[fd].bytes, sockets[fd].end + length + 4);
	if (!grown)
		abort();
	memcpy(grown + sockets[fd].end, &length, 4);
	memcpy(grown + sockets[fd].end + 4, bytes, length);
	sockets[fd].bytes = grown;
	sockets[fd].end += length + 4;
}

/* The kernel addresses its answers to the port of the socket. */
static uint32_t port_of(int fd)
{
	struct sockaddr_nl own = { 0 };
	socklen_t length = sizeof own;
	return getsockname(fd, (struct sockaddr *)&own, &length) == 0 ? own.nl_pid : 0;
}

static void queue_reply(int fd, const struct nlmsghdr *reply, const struct nlmsghdr *request, int flags)
{
	struct nlmsghdr *copy = malloc(NLMSG_ALIGN(reply->nlmsg_len));
	if (!copy)
		abort();
	memcpy(copy, reply, reply->nlmsg_len);
	copy->nlmsg_seq = request->nlmsg_seq;
	copy->nlmsg_pid = port_of(fd);
	copy->nlmsg_flags |= flags;
	queue(fd, copy, copy->nlmsg_len);
	free(copy);
}

static void queue_end(int fd, const struct nlmsghdr *request, int type, int error)
{
	struct { struct nlmsghdr header; struct nlmsgerr error; } end = {
		.header = { .nlmsg_type = type, .nlmsg_seq = request->nlmsg_seq, .nlmsg_pid = port_of(fd) },
		.error = { .error = error, .msg = *request },
	};
	end.header.nlmsg_len = type == NLMSG_DONE ? NLMSG_LENGTH(sizeof(int)) : sizeof end;
	end.header.nlmsg_flags = type == NLMSG_DONE ? NLM_F_MULTI : 0;
	queue(fd, &end, end.header.nlmsg_len);
}

/* The error that the variable has for requests of that type; 0 if none. */
static int refusal(const char *variable, int type)
{
	const char *at = getenv(variable);
	int refused, error, length;
	for (; at && sscanf(at, " %d:%d%n", &refused, &error, &length) == 2; at += length)
		if (refused == type)
			return -error;
	return 0;
}

/* The messages of a type: all of them for a dump, else the first, or an acknowledgement if that is asked for. */
static void answer_with(int fd, const struct nlmsghdr *request, const struct messages *all, int type)
{
	const bool is_dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	bool is_answered = false;
	if (!is_dump && request->nlmsg_flags & NLM_F_ACK) {
		queue_end(fd, request, NLMSG_ERROR, 0);
		return;
	}
	for (const struct nlmsghdr *reply = next(all, NULL); reply; reply = next(all, reply)) {
		if (reply->nlmsg_type != type || (!is_dump && is_answered))
			continue;
		queue_reply(fd, reply, request, is_dump ? NLM_F_MULTI : 0);
		is_answered = true;
	}
	if (is_dump)
		queue_end(fd, request, NLMSG_DONE, refusal("FAKE_LATE_REFUSALS", request->nlmsg_type));
	else if (!is_answered)
		queue_end(fd, request, NLMSG_ERROR, -ENOENT);
}

/* The family of FAKE_FAMILIES that has a name, or an id; false if none. */
static bool find_family(const char *wanted, int wanted_id, char name[GENL_NAMSIZ], int *id)
{
	const char *at = getenv("FAKE_FAMILIES");
	int length;
	for (; at && sscanf(at, " %15[^: ]:%d%n", name, id, &length) == 2; at += length)
		if (wanted ? strcmp(name, wanted) == 0 : *id == wanted_id)
			return true;
	return false;
}

static void add_attribute(struct nlmsghdr *message, int type, const void *bytes, size_t length)
{
	struct rtattr *end = (struct rtattr *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));
	end->rta_type = type;
	end->rta_len = RTA_LENGTH(length);
	memcpy(RTA_DATA(end), bytes, length);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(end->rta_len);
}

/* CTRL_CMD_NEWFAMILY: the name, the id, and the multicast groups of all families. */
static void answer_controller(int fd, const struct nlmsghdr *request)
{
	static const char *const groups[] = { "mptcp_pm_events", "ioam6_events" };
	const uint16_t *wanted_id = attribute(request, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID);
	char name[GENL_NAMSIZ];
	int id;
	if (!find_family(attribute(request, GENL_HDRLEN, CTRL_ATTR_FAMILY_NAME), wanted_id ? *wanted_id : 0, name, &id)) {
		queue_end(fd, request, NLMSG_ERROR, -ENOENT);
		return;
	}
	struct { struct nlmsghdr header; struct genlmsghdr command; char attributes[256]; } reply = {
		.header = { .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = GENL_ID_CTRL },
		.command = { .cmd = CTRL_CMD_NEWFAMILY, .version = 2 },
	};
	const uint16_t short_id = id;
	add_attribute(&reply.header, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	add_attribute(&reply.header, CTRL_ATTR_FAMILY_ID, &short_id, sizeof short_id);
	struct rtattr *all = (struct rtattr *)((char *)&reply + reply.header.nlmsg_len);
	add_attribute(&reply.header, CTRL_ATTR_MCAST_GROUPS, "", 0);
	for (uint32_t i = 0; i < 2; i++) {
		struct rtattr *one = (struct rtattr *)((char *)&reply + reply.header.nlmsg_len);
		const uint32_t group = i + 1;
		add_attribute(&reply.header, i + 1, "", 0);
		add_attribute(&reply.header, CTRL_ATTR_MCAST_GRP_NAME, groups[i], strlen(groups[i]) + 1);
		add_attribute(&reply.header, CTRL_ATTR_MCAST_GRP_ID, &group, sizeof group);
		one->rta_len = (char *)&reply + reply.header.nlmsg_len - (char *)one;
	}
	all->rta_len = (char *)&reply + reply.header.nlmsg_len - (char *)all;
	queue_reply(fd, &reply.header, request, 0);
}

/* A socket that joins a group receives its messages at once. */
int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
	if (is_fake(fd) && level == SOL_NETLINK && option == NETLINK_ADD_MEMBERSHIP) {
		for (const struct nlmsghdr *event = next(&events, NULL); event; event = next(&events, event))
			queue(fd, event, event->nlmsg_len);
		return 0;
	}
	return REAL(setsockopt)(fd, level, option, value, length);
}

/* The type of what answers a question of xfrm. */
static int xfrm_answer(int type)
{
	switch (type) {
	case XFRM_MSG_GETSA:
	case XFRM_MSG_ALLOCSPI:
		return XFRM_MSG_NEWSA;
	case XFRM_MSG_GETPOLICY:
		return XFRM_MSG_NEWPOLICY;
	case XFRM_MSG_GETSADINFO:
		return XFRM_MSG_NEWSADINFO;
	case XFRM_MSG_GETSPDINFO:
		return XFRM_MSG_NEWSPDINFO;
	default:
		return type;
	}
}

static void answer(int fd, const struct nlmsghdr *request)
{
	const int type = request->nlmsg_type;
	const int error = refusal("FAKE_REFUSALS", type);
	if (error) {
		queue_end(fd, request, NLMSG_ERROR, error);
		return;
	}
	if (sockets[fd].protocol == NETLINK_GENERIC) {
		if (type == GENL_ID_CTRL)
			answer_controller(fd, request);
		else
			answer_with(fd, request, &replies, type);
		return;
	}
	if (sockets[fd].protocol == NETLINK_XFRM) {
		answer_with(fd, request, &xfrm_replies, xfrm_answer(type));
		return;
	}
	const bool is_get = type >= RTM_BASE && (type & 3) == 2; /* RTM_NEWx, RTM_DELx, RTM_GETx, RTM_SETx */
	if (is_get && (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		for (const struct nlmsghdr *reply = next(&replies, NULL); reply; reply = next(&replies, reply))
			if (reply->nlmsg_type == type - 2)
				queue_reply(fd, reply, request, NLM_F_MULTI);
		queue_end(fd, request, NLMSG_DONE, refusal("FAKE_LATE_REFUSALS", type));
		return;
	}
	if (is_get) {
		const struct nlmsghdr *reply = NULL;
		if (type == RTM_GETLINK) {
			const struct ifinfomsg *header = NLMSG_DATA(request);
			const char *name = attribute(request, sizeof *header, IFLA_IFNAME);
			reply = find_link(name ? name : attribute(request, sizeof *header, IFLA_ALT_IFNAME), header->ifi_index);
		} else {
			for (reply = next(&replies, NULL); reply && reply->nlmsg_type != type - 2;)
				reply = next(&replies, reply);
		}
		if (reply)
			queue_reply(fd, reply, request, 0);
		else
			queue_end(fd, request, NLMSG_ERROR, -ENODEV);
		return;
	}
	if (request->nlmsg_flags & NLM_F_ACK)
		queue_end(fd, request, NLMSG_ERROR, 0);
}

/* Padded, so that the next message begins where it would in one datagram. */
static void record(int file, const struct nlmsghdr *request)
{
	static const char zeros[NLMSG_ALIGNTO];
	const struct iovec parts[] = {
		{ (void *)request, request->nlmsg_len },
		{ (void *)zeros, NLMSG_ALIGN(request->nlmsg_len) - request->nlmsg_len },
	};
	if (writev(file, parts, 2) != (ssize_t)NLMSG_ALIGN(request->nlmsg_len))
		abort();
}

static ssize_t take_request(int fd, const struct iovec *parts, size_t count)
{
	static char bytes[max_request];
	size_t length = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].iov_len > sizeof bytes - length) {
			errno = EMSGSIZE;
			return -1;
		}
		memcpy(bytes + length, parts[i].iov_base, parts[i].iov_len);
		length += parts[i].iov_len;
	}
	for (size_t at = 0; at + sizeof(struct nlmsghdr) <= length;) {
		const struct nlmsghdr *request = (const struct nlmsghdr *)(bytes + at);
		if (request->nlmsg_len < sizeof *request || request->nlmsg_len > length - at)
			break; /* some requests are sent with the rest of their buffer */
		const int protocol = sockets[fd].protocol;
		const int file = protocol == NETLINK_GENERIC ? generic_requests : protocol == NETLINK_XFRM ? xfrm_requests : requests;
		if (file >= 0)
			record(file, request);
		answer(fd, request);
		at += NLMSG_ALIGN(request->nlmsg_len);
	}
	return length;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	return is_fake(fd) ? take_request(fd, message->msg_iov, message->msg_iovlen) : REAL(sendmsg)(fd, message, flags);
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to, socklen_t to_length)
{
	struct iovec part = { (void *)bytes, length };
	return is_fake(fd) ? take_request(fd, &part, 1) : REAL(sendto)(fd, bytes, length, flags, to, to_length);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
	struct iovec part = { (void *)bytes, length };
	return is_fake(fd) ? take_request(fd, &part, 1) : REAL(send)(fd, bytes, length, flags);
}

/* An empty queue is what nobody would ever fill: the program that waits for it gets an error. */
ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	if (!is_fake(fd))
		return REAL(recvmsg)(fd, message, flags);
	if (sockets[fd].at == sockets[fd].end) {
		errno = ENODATA;
		return -1;
	}
	uint32_t length;
	memcpy(&length, sockets[fd].bytes + sockets[fd].at, 4);
	const char *bytes = sockets[fd].bytes + sockets[fd].at + 4;
	size_t copied = 0;
	for (size_t i = 0; i < message->msg_iovlen && copied < length; i++) {
		size_t part = message->msg_iov[i].iov_len < length - copied ? message->msg_iov[i].iov_len : length - copied;
		memcpy(message->msg_iov[i].iov_base, bytes + copied, part);
		copied += part;
	}
	if (message->msg_name && message->msg_namelen >= sizeof(struct sockaddr_nl)) {
		*(struct sockaddr_nl *)message->msg_name = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
		message->msg_namelen = sizeof(struct sockaddr_nl);
	}
	message->msg_flags = copied < length ? MSG_TRUNC : 0;
	message->msg_controllen = 0;
	if (!(flags & MSG_PEEK))
		sockets[fd].at += length + 4;
	return flags & MSG_TRUNC ? (ssize_t)length : (ssize_t)copied;
}

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
	struct iovec part = { bytes, length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	return is_fake(fd) ? recvmsg(fd, &message, flags) : REAL(recv)(fd, bytes, length, flags);
}

unsigned int if_nametoindex(const char *name)
{
	const struct nlmsghdr *link = find_link(name, 0);
	if (link)
		return ((const struct ifinfomsg *)NLMSG_DATA(link))->ifi_index;
	errno = ENODEV;
	return 0;
}

char *if_indextoname(unsigned int index, char name[IF_NAMESIZE])
{
	const struct nlmsghdr *link = find_link(NULL, index);
	const char *own = link ? attribute(link, sizeof(struct ifinfomsg), IFLA_IFNAME) : NULL;
	if (own)
		return strncpy(name, own, IF_NAMESIZE);
	errno = ENXIO;
	return NULL;
}
