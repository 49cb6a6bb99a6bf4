/** Hints: what is known of a failure beyond the original's words, in one line. The first hint that knows something counts. */

import type { Kernel } from '../../kernel/kernel.ts';
import type { Failure, Hint } from './failure.ts';
import { incomplete } from './incomplete.ts';
import { lineOption } from './line-option.ts';
import { nameReadAsKeyword } from './misread-name.ts';
import { missingDevice } from './missing-device.ts';
import { missingKeyword } from './missing-keyword.ts';
import { missingKind } from './missing-kind.ts';
import { missingNamespace } from './missing-namespace.ts';
import { missingProcess } from './missing-process.ts';
import { permission } from './permission.ts';
import { addressRefused } from './refusals/address.ts';
import { refusedAttribute } from './refusals/attribute.ts';
import { unreachableGateway } from './refusals/gateway.ts';
import { linkRefused } from './refusals/link.ts';
import { routeRefused } from './refusals/route.ts';
import { type SystemView, systemView } from './system-view.ts';
import { takenName } from './taken-name.ts';
import { typingError } from './typing-error.ts';
import { unreadWords } from './unread-words.ts';
import { wordOrder } from './word-order.ts';
import { wrongAddress } from './wrong-address.ts';
import { wrongValue } from './wrong-value.ts';

/** From the most to the least certain. */
const HINTS: readonly Hint[] = [
  permission,
  nameReadAsKeyword,
  linkRefused,
  takenName,
  missingNamespace,
  missingProcess,
  missingDevice,
  missingKind,
  lineOption,
  unreachableGateway,
  routeRefused,
  addressRefused,
  wrongAddress,
  wordOrder,
  missingKeyword,
  typingError,
  wrongValue,
  incomplete,
  unreadWords,
  refusedAttribute,
];

/** The hint for a failure, without a prefix; undefined if nothing is known. */
export function hintOn(failure: Failure, kernel: Kernel): Promise<string | undefined> {
  return hintFor(failure, systemView(kernel));
}

/** The same, of a system as `view` shows it. */
export async function hintFor(failure: Failure, view: SystemView): Promise<string | undefined> {
  for (const hint of HINTS) {
    try {
      const text = await hint(failure, view);
      if (text !== undefined) return text.replace(/\s+/g, ' ');
    } catch {
      // The failure itself has been reported; a hint that fails adds nothing to it.
    }
  }
  return undefined;
}
