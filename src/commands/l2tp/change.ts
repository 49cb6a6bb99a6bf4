/** `ip l2tp add` and `delete`: tunnels, sessions, or one after the other. */
import {
  L2TP_ENCAPS,
  L2TP_L2SPECS,
  L2TP_PWTYPE_ETH,
  L2TP_VERSION,
  type L2tpAttributes,
  l2tp,
} from '../../genetlink/l2tp.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, missingArgument } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import { type FamilySession, openFamily } from '../generic/family-session.ts';
import { type Address, addressText } from '../grammar/prefix.ts';
import { type Draft, readDraft } from './arguments.ts';

/** Bytes of the default header of the link layer. */
const L2SPEC_LENGTH = 4;

type Session = FamilySession<keyof typeof l2tp.commands>;

/** Adds what the words name: a tunnel, a session in one, or both. */
export async function add(args: Args, context: Context): Promise<number> {
  const session = await openFamily(l2tp, context);
  const draft = readDraft(args, context);
  require('tunnel_id', draft.tunnel);
  if (draft.isSession) {
    require('peer_session_id', draft.peerSession);
    require('session_id', draft.session);
  }
  if (draft.isTunnel) requireTunnel(draft);
  if (draft.isTunnel) await send(session, 'tunnel_create', tunnelOf(draft));
  if (draft.isSession) await send(session, 'session_create', sessionOf(draft));
  return 0;
}

/** Deletes a session if one is named, else a tunnel. */
export async function remove(args: Args, context: Context): Promise<number> {
  const session = await openFamily(l2tp, context);
  const { isTunnel, isSession, tunnel: conn_id, session: session_id } = readDraft(args, context);
  if (isTunnel) require('tunnel_id', conn_id);
  if (isSession) require('session_id', session_id);
  return session_id === 0
    ? send(session, 'tunnel_delete', { conn_id })
    : send(session, 'session_delete', { conn_id, session_id });
}

function send(
  session: Session,
  command: keyof typeof l2tp.commands,
  attributes: L2tpAttributes,
): Promise<number> {
  const request = session.begin(command);
  l2tp.attributes.encode(request, attributes);
  return session.change(request);
}

function require(keyword: string, given: number): void {
  if (given === 0) throw missingArgument(keyword);
}

function requireTunnel({ peerTunnel, local, remote, encap, sourcePort, destinationPort }: Draft): void {
  require('peer_tunnel_id', peerTunnel);
  require('local', local?.family ?? AF_UNSPEC);
  require('remote', remote?.family ?? AF_UNSPEC);
  if (encap !== L2TP_ENCAPS.udp) return;
  require('udp_sport', sourcePort);
  require('udp_dport', destinationPort);
}

function tunnelOf({ tunnel, peerTunnel, encap, local, remote, ...draft }: Draft): L2tpAttributes {
  const isUdp = encap === L2TP_ENCAPS.udp;
  return {
    conn_id: tunnel,
    peer_conn_id: peerTunnel,
    proto_version: L2TP_VERSION,
    encap_type: encap,
    ...addressAttribute('saddr', local),
    ...addressAttribute('daddr', remote),
    ...(isUdp && {
      udp_sport: draft.sourcePort,
      udp_dport: draft.destinationPort,
      udp_csum: draft.hasChecksum ? 1 : undefined,
      udp_zero_csum6_tx: draft.hasSentChecksum ? undefined : true,
      udp_zero_csum6_rx: draft.hasReceivedChecksum ? undefined : true,
    }),
  };
}

function addressAttribute(name: 'saddr' | 'daddr', address: Address | undefined): L2tpAttributes {
  if (address === undefined) return {};
  return { [`${address.family === AF_INET ? 'ip' : 'ip6'}_${name}`]: addressText(address) };
}

function sessionOf({ tunnel, peerTunnel, session, peerSession, name, ...draft }: Draft): L2tpAttributes {
  const { l2spec, cookie, peerCookie, sequence } = draft;
  return {
    conn_id: tunnel,
    peer_conn_id: peerTunnel,
    session_id: session,
    peer_session_id: peerSession,
    pw_type: L2TP_PWTYPE_ETH,
    l2spec_type: l2spec,
    l2spec_len: l2spec === L2TP_L2SPECS.default ? L2SPEC_LENGTH : 0,
    recv_seq: sequence.isReceived ? 1 : undefined,
    send_seq: sequence.isSent ? 1 : undefined,
    cookie,
    peer_cookie: peerCookie,
    ifname: name,
  };
}
