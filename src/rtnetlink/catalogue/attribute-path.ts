/** Where in a request an attribute stands, as the names that lead to it: what an extended acknowledgement points at. */
import { NLA_HDRLEN } from '../../linux/netlink.ts';
import { ATTRIBUTE_TYPE, HEADER_LENGTH, type Message } from '../../wire/message.ts';
import { attributeName } from './kernel-names.ts';
import {
  type MessageAnatomy,
  type MessageSchema,
  nestOf,
  rowOfType,
  schemaOf,
  siblingsOf,
} from './message-catalogue.ts';

const MAX_DEPTH = 10;

/** An attribute on the way to another. */
export interface PathStep {
  /** Its name here, or its number where it has none. */
  readonly name: string;
  /** Its name in the kernel's headers, or its number. */
  readonly kernelName: string;
}

/** The attributes around the one that begins at `offset`, from the outermost to itself; undefined when none begins there. */
export function attributeStepsAt(request: Buffer, offset: number): readonly PathStep[] | undefined {
  if (request.length < HEADER_LENGTH + 1) return undefined;
  const message = schemaOf(request.readUInt16LE(4), request[HEADER_LENGTH]);
  if (message === undefined) return undefined;
  const end = Math.min(request.readUInt32LE(0), request.length);
  return attributeStepsIn({ bytes: request, start: 0, payload: HEADER_LENGTH, end }, offset, message);
}

/** The same in a message of any protocol. */
export function attributeStepsIn(
  { bytes, start, payload, end }: Pick<Message, 'bytes' | 'start' | 'payload' | 'end'>,
  offset: number,
  { header, attributes }: MessageAnatomy,
): readonly PathStep[] | undefined {
  return find(bytes, payload + align(header.struct.size), end, attributes, start + offset, MAX_DEPTH);
}

/** The same as one word: `linkinfo.data.id`. */
export function attributePath(request: Buffer, offset: number): string | undefined {
  return attributeStepsAt(request, offset)
    ?.map(({ name }) => name)
    .join('.');
}

/**
 * The path of an attribute of number `type` that is missing in the nest at offset `nest`, or outside of all nests (0 or
 * undefined). In a nest it is known by its number.
 */
export function missingAttributePath(request: Buffer, type: number, nest = 0): string | undefined {
  if (nest !== 0) {
    const path = attributePath(request, nest);
    return path === undefined ? undefined : `${path}.${type}`;
  }
  if (request.length < HEADER_LENGTH + 1) return undefined;
  const message = schemaOf(request.readUInt16LE(4), request[HEADER_LENGTH]);
  return message && (rowOfType(message.attributes, type)?.[0] ?? String(type));
}

function find(
  bytes: Buffer,
  at: number,
  end: number,
  anatomy: MessageSchema,
  offset: number,
  depth: number,
): readonly PathStep[] | undefined {
  if (depth === 0 || anatomy.isSeries) return undefined;
  let start = at + align(anatomy.header?.struct.size ?? 0);
  const siblings = siblingsOf(anatomy, bytes, start, end);
  while (start + NLA_HDRLEN <= end) {
    const length = bytes.readUInt16LE(start);
    if (length < NLA_HDRLEN || length > end - start) return undefined;
    if (offset >= start && offset < start + length) {
      const raw = bytes.readUInt16LE(start + 2);
      const type = raw & ATTRIBUTE_TYPE;
      const found = rowOfType(anatomy, type);
      const step: PathStep = {
        name: found?.[0] ?? String(type),
        kernelName: attributeName(anatomy, type, found?.[0]) ?? String(type),
      };
      if (offset === start) return [step];
      const nest = found && nestOf(anatomy, found[0], siblings, raw & ~ATTRIBUTE_TYPE);
      const inner = nest && find(bytes, start + NLA_HDRLEN, start + length, nest, offset, depth - 1);
      return inner && [step, ...inner];
    }
    start += align(length);
  }
  return undefined;
}

function align(length: number): number {
  return (length + 3) & ~3;
}
