/** Names of namespace ids: which name of the run directory has which nsid, seen from here. */
import { closeSync, openSync } from 'node:fs';
import { ask } from '../kernel/ask.ts';
import * as codec from '../wire/codec.ts';
import { walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import { listNames, pathOfNamespace } from './named.ts';

const RTM_GETNSID = 90;
const RTGENMSG_LENGTH = 4;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;

/** The id that this namespace has for the one behind `descriptor`; undefined when it has none (-1). */
export function nsidOf(descriptor: number): number | undefined {
  const request = new MessageWriter(RTM_GETNSID, 0);
  request.reserve(RTGENMSG_LENGTH);
  request.attribute(NETNSA_FD, codec.u32, descriptor);
  const answer = ask(request);
  let nsid: number | undefined;
  if (answer !== undefined) {
    walkAttributes(answer.bytes, answer.payload + RTGENMSG_LENGTH, answer.end, (type, at, length) => {
      if (type === NETNSA_NSID) nsid = codec.s32.read(answer.bytes, at, length);
    });
  }
  return nsid === -1 ? undefined : nsid;
}

/** A look-up of names by nsid that reads the run directory at its first use. */
export function namespaceNames(): (nsid: number) => string | undefined {
  let names: Map<number, string> | undefined;
  return nsid => {
    names ??= readNamesByNsid();
    return names.get(nsid);
  };
}

function readNamesByNsid(): Map<number, string> {
  const names = new Map<number, string>();
  for (const name of listNames()) {
    let descriptor: number;
    try {
      descriptor = openSync(pathOfNamespace(name), 'r');
    } catch {
      continue;
    }
    const nsid = nsidOf(descriptor);
    closeSync(descriptor);
    if (nsid !== undefined) names.set(nsid, name);
  }
  return names;
}
