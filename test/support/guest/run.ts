/**
 * Runs a command in a guest (guest.ts): `npx tsx test/support/guest/run.ts COMMAND`. Its exit code is the command's, 125
 * if the guest did not get so far; GUEST_SECONDS limits the time.
 */
import { runInGuest } from './guest.ts';

const words = process.argv.slice(2);
if (words.length === 0) {
  console.error('usage: npx tsx test/support/guest/run.ts COMMAND');
  process.exit(125);
}
const { status, stdout, stderr } = runInGuest(words, { seconds: Number(process.env.GUEST_SECONDS ?? 1500) });
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
