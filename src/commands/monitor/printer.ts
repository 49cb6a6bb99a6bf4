/** How a monitor prints one kind of message. */
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';

export interface Printer {
  /** The word in brackets that says what the message is about. */
  readonly label: string;
  /**
   * Prints the message unless it is filtered out; calls `begin` before the first text, with a label if it is another. The
   * message `isForeign` if it comes from another namespace: the ids of namespaces in it are not ours.
   */
  print(message: Message, out: Output, begin: (label?: string) => void, isForeign: boolean): void;
}
