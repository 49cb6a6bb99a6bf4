/* Packet sockets: what a device receives and sends, with times, true lengths and the VLAN tag that the kernel keeps apart. */
#include "calls.h"
#include "receive.h"

#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

/* What is recorded of each packet. `kept` bytes of `length` are in the buffer; `type` is sll_pkttype. */
struct packet {
	int64_t seconds;
	uint32_t nanoseconds, kept, length;
	uint16_t tag_protocol, tag, has_tag, type;
};

static ssize_t receive_packet(int fd, char *data, size_t room, struct packet *record)
{
	char control[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct sockaddr_ll sender = { 0 };
	struct iovec part = { data, room };
	struct msghdr header = MESSAGE(sender, part, control);
	ssize_t length = recvmsg(fd, &header, MSG_DONTWAIT | MSG_TRUNC);

	if (length < 0)
		return -1;
	*record = (struct packet){ .length = (uint32_t)length, .type = sender.sll_pkttype };
	record->kept = (size_t)length < room ? (uint32_t)length : (uint32_t)room;
	for (struct cmsghdr *one = CMSG_FIRSTHDR(&header); one; one = CMSG_NXTHDR(&header, one)) {
		struct tpacket_auxdata more;
		struct timespec time;

		if (one->cmsg_level == SOL_SOCKET && one->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&time, CMSG_DATA(one), sizeof(time));
			record->seconds = time.tv_sec;
			record->nanoseconds = (uint32_t)time.tv_nsec;
		} else if (one->cmsg_level == SOL_PACKET && one->cmsg_type == PACKET_AUXDATA) {
			memcpy(&more, CMSG_DATA(one), sizeof(more));
			record->has_tag = !!(more.tp_status & TP_STATUS_VLAN_VALID);
			record->tag = more.tp_vlan_tci;
			record->tag_protocol = more.tp_status & TP_STATUS_VLAN_TPID_VALID ? more.tp_vlan_tpid : 0x8100;
		}
	}
	return length;
}

/*
 * Takes packets that are there, `snap` bytes of each at most, behind each other. Returns how many records it wrote, 0 if
 * there is no packet; an error after the first comes with the next call.
 */
static int64_t receive_packets(int fd, struct bytes buffer, struct bytes records, size_t snap)
{
	size_t room = records.length / sizeof(struct packet), count = 0, used = 0;

	while (count < room && buffer.length - used >= snap) {
		struct packet record;

		if (receive_packet(fd, buffer.data + used, snap, &record) < 0)
			return count || errno == EAGAIN ? (int64_t)count : -1;
		memcpy(records.data + count++ * sizeof(record), &record, sizeof(record));
		used += record.kept;
	}
	return (int64_t)count;
}

SYSTEM_CALL(call_receive_packets, INT(fd, 0) BYTES(buffer, 1) BYTES(records, 2) INT(snap, 3),
	receive_packets(fd, buffer, records, (size_t)snap))
