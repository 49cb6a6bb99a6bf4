/** Lists of which the JSON is whole however they end. */
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';

/** Prints the messages of a dump as one list. */
export async function showList(
  batches: AsyncGenerator<readonly Message[], void>,
  out: Output,
  show: (message: Message) => void,
): Promise<void> {
  out.list();
  try {
    for await (const batch of batches) for (const message of batch) show(message);
  } finally {
    out.end();
  }
}
