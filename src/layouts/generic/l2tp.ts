/**
 * How tunnels and sessions of L2TP are laid out. The original keeps what a message lacks from the one before, in the
 * same list; so the values here are those of all messages up to this one.
 */
import { L2TP_ENCAPS, type L2tpAttributes } from '../../genetlink/l2tp.ts';
import type { Output } from '../../schema/output.ts';

const SHORT_COOKIE = 4;
const LONG_COOKIE = 8;

/** What is known of a tunnel. */
export interface L2tpTunnel {
  id: number;
  peerId: number;
  encap: number;
  local: string;
  peer: string;
  localPort: number;
  peerPort: number;
  hasChecksum: boolean;
  hasSentChecksum: boolean;
  hasReceivedChecksum: boolean;
}

/** A tunnel of which nothing is known. */
export function unknownTunnel(): L2tpTunnel {
  return {
    ...{ id: 0, peerId: 0, encap: 0, local: '::', peer: '::', localPort: 0, peerPort: 0 },
    ...{ hasChecksum: false, hasSentChecksum: true, hasReceivedChecksum: true },
  };
}

/** Adds what a message says of a tunnel. */
export function updateTunnel(tunnel: L2tpTunnel, attributes: L2tpAttributes): void {
  const { conn_id, peer_conn_id, encap_type, udp_sport, udp_dport, udp_csum } = attributes;
  tunnel.id = conn_id ?? tunnel.id;
  tunnel.peerId = peer_conn_id ?? tunnel.peerId;
  tunnel.encap = encap_type ?? tunnel.encap;
  tunnel.local = attributes.ip6_saddr ?? attributes.ip_saddr ?? tunnel.local;
  tunnel.peer = attributes.ip6_daddr ?? attributes.ip_daddr ?? tunnel.peer;
  tunnel.localPort = udp_sport ?? tunnel.localPort;
  tunnel.peerPort = udp_dport ?? tunnel.peerPort;
  tunnel.hasChecksum = udp_csum === undefined ? tunnel.hasChecksum : udp_csum !== 0;
  tunnel.hasSentChecksum = !attributes.udp_zero_csum6_tx;
  tunnel.hasReceivedChecksum = !attributes.udp_zero_csum6_rx;
}

/** Prints one tunnel, in a separate object for programs. */
export function showTunnel(tunnel: L2tpTunnel, out: Output): void {
  const { id, peerId, encap, local, peer, localPort, peerPort } = tunnel;
  const word = encap === L2TP_ENCAPS.udp ? 'UDP' : encap === L2TP_ENCAPS.ip ? 'IP' : '??';
  out.open();
  out.field('tunnel_id', id, `Tunnel ${id},`);
  out.field('encap', word, ` encap ${word}`);
  out.newline();
  out.field('local', local, `  From ${local} `);
  out.field('peer', peer, `to ${peer}`);
  out.newline();
  out.field('peer_tunnel', peerId, `  Peer tunnel ${peerId}`);
  out.newline();
  if (encap === L2TP_ENCAPS.udp) {
    out.field('local_port', localPort, `  UDP source / dest ports: ${localPort}`);
    out.field('peer_port', peerPort, `/${peerPort}`);
    out.newline();
    showChecksums(tunnel, out);
  }
  out.close();
}

function showChecksums({ local, hasChecksum, ...ipv6 }: L2tpTunnel, out: Output): void {
  const { hasSentChecksum: sent, hasReceivedChecksum: received } = ipv6;
  if (local.includes(':')) {
    const text = sent ? (received ? 'enabled' : 'tx') : received ? 'rx' : 'disabled';
    out.text(`  UDP checksum: ${text}`);
    out.data('checksum_tx', sent);
    out.data('checksum_rx', received);
  } else {
    out.field('checksum', hasChecksum, `  UDP checksum: ${hasChecksum ? 'enabled' : 'disabled'}`);
  }
  out.text('\n');
}

/** What is known of a session. */
export interface L2tpSession {
  id: number;
  tunnelId: number;
  peerId: number;
  peerTunnelId: number;
  name: string | undefined;
  readonly cookie: Cookie;
  readonly peerCookie: Cookie;
  reorderTimeout: number;
  isSentInOrder: boolean;
  isReceivedInOrder: boolean;
}

/** Bytes of which so many are meant. */
interface Cookie {
  readonly bytes: Buffer;
  length: number;
}

/** A session of which nothing is known. */
export function unknownSession(): L2tpSession {
  const cookie = () => ({ bytes: Buffer.alloc(LONG_COOKIE), length: 0 });
  return {
    ...{ id: 0, tunnelId: 0, peerId: 0, peerTunnelId: 0, name: undefined, reorderTimeout: 0 },
    ...{ cookie: cookie(), peerCookie: cookie(), isSentInOrder: false, isReceivedInOrder: false },
  };
}

/** Adds what a message says of a session. */
export function updateSession(session: L2tpSession, attributes: L2tpAttributes): void {
  const { conn_id, peer_conn_id, session_id, peer_session_id, ifname, recv_timeout } = attributes;
  session.tunnelId = conn_id ?? session.tunnelId;
  session.peerTunnelId = peer_conn_id ?? session.peerTunnelId;
  session.id = session_id ?? session.id;
  session.peerId = peer_session_id ?? session.peerId;
  session.name = ifname ?? session.name;
  setCookie(session.cookie, attributes.cookie);
  setCookie(session.peerCookie, attributes.peer_cookie);
  session.reorderTimeout =
    recv_timeout === undefined ? session.reorderTimeout : Number(BigInt.asUintN(32, recv_timeout));
  session.isSentInOrder = isSet(attributes.send_seq, session.isSentInOrder);
  session.isReceivedInOrder = isSet(attributes.recv_seq, session.isReceivedInOrder);
}

function isSet(value: number | undefined, before: boolean): boolean {
  return value === undefined ? before : value !== 0;
}

function setCookie(cookie: Cookie, bytes: Buffer | undefined): void {
  if (bytes === undefined) return;
  bytes.copy(cookie.bytes, 0, 0, LONG_COOKIE);
  cookie.length = bytes.length;
}

/** Prints one session, in a separate object for programs. */
export function showSession(session: L2tpSession, out: Output): void {
  const { id, tunnelId, peerId, peerTunnelId, name, reorderTimeout } = session;
  out.open();
  out.field('session_id', id, `Session ${id}`);
  out.field('tunnel_id', tunnelId, ` in tunnel ${tunnelId}`);
  out.newline();
  out.field('peer_session_id', peerId, `  Peer session ${peerId},`);
  out.field('peer_tunnel_id', peerTunnelId, ` tunnel ${peerTunnelId}`);
  out.newline();
  if (name !== undefined) {
    out.field('interface', name, `  interface name: ${name}`, 'ifname');
    out.newline();
  }
  // Offsets are no more, but for people.
  out.text('  offset 0, peer offset 0\n');
  if (session.cookie.length > 0) showCookie('cookie', '  cookie', session.cookie, out);
  if (session.peerCookie.length > 0) showCookie('peer_cookie', '  peer cookie', session.peerCookie, out);
  if (reorderTimeout !== 0)
    out.field('reorder_timeout', reorderTimeout, `  reorder timeout: ${reorderTimeout}`);
  if (session.isSentInOrder || session.isReceivedInOrder) {
    out.newline();
    out.text('  sequence numbering:');
    if (session.isSentInOrder) out.field('send_seq', null, ' send');
    if (session.isReceivedInOrder) out.field('recv_seq', null, ' recv');
  }
  out.text('\n');
  out.close();
}

function showCookie(key: string, label: string, { bytes, length }: Cookie, out: Output): void {
  const text = bytes.toString('hex', 0, length === LONG_COOKIE ? LONG_COOKIE : SHORT_COOKIE);
  out.field(key, text, `${label} ${text}`);
}
