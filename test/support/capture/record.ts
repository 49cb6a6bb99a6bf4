/**
 * Records fixtures from the original. In a folder such as fixtures/link/vlan, `arguments` holds command lines;
 *
 *     npx tsx test/record.ts fixtures/link/vlan ...
 *
 * writes request.hex (what the original asks the kernel for, or how it refuses); reply.hex unless it is there; and
 * for each view of fixtures.ts a file with what the original shows of these replies. Nothing of that reaches this
 * kernel. The replies are those of this kernel if the folder has a file `world`, command lines that the original
 * runs in a sandbox; else the links of the requests as a kernel would describe them. reply.hex may be edited, or
 * made elsewhere. TSIP_UAPI=DIR names a folder of newer kernel headers to take the names of attributes from.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { originals } from '../requirements.ts';
import { originalPrograms, Sandbox } from '../sandbox.ts';
import { readAttributeNames } from './attribute-names.ts';
import { formatHex, type HexBlock, parseHex, splitMessages, tracedBytes } from './bytes.ts';
import { original, requests } from './capture.ts';
import { argumentLines, fixturesFolder, repliesOf, viewsOf } from './fixtures.ts';
import { linkReply } from './link-reply.ts';

/** The message that describes an object, by the folder of its fixtures. */
const messageTypes: Readonly<Record<string, readonly number[]>> = {
  link: [16],
  address: [16, 20],
  route: [24],
  neighbour: [28],
  rule: [32],
  nexthop: [104],
};

const names = readAttributeNames(process.env.TSIP_UAPI);

for (const argument of process.argv.slice(2)) await record(resolve(argument));

async function record(folder: string): Promise<void> {
  const name = relative(fixturesFolder, folder);
  const source = `recorded from ${version()}`;
  const blocks: HexBlock[] = [];
  if (existsSync(join(folder, 'arguments'))) {
    const recorded = argumentLines(folder).map(({ line, words }) => ({ line, run: original(words) }));
    for (const { line, run } of recorded) {
      const sent = run.status === 0 ? requests(run) : [];
      const refusal = run.status === 0 ? [] : [`exit ${run.status}`];
      const complaint = run.stderr === '' ? [] : [`stderr ${JSON.stringify(run.stderr)}`];
      const output = run.stdout === '' || sent.length > 0 ? [] : [`stdout ${JSON.stringify(run.stdout)}`];
      blocks.push({
        comments: [line, ...refusal, ...complaint, ...output],
        bytes: Buffer.concat(aligned(sent)),
      });
    }
    writeFileSync(join(folder, 'request.hex'), formatHex([header(`Requests, ${source}`), ...blocks], names));
  }
  const replyFile = join(folder, 'reply.hex');
  if (!existsSync(replyFile) && existsSync(join(folder, 'world'))) {
    const title = header(`Replies of Linux ${release()} in the world of the file next to this one`);
    writeFileSync(replyFile, formatHex([title, ...(await kernelReplies(folder))], names));
  } else if (!existsSync(replyFile) && name.startsWith('link/')) {
    const replies = blocks.flatMap(({ comments, bytes }, index) => {
      const reply = linkReply(bytes, 20 + index);
      return reply ? [{ comments: [comments[0]!], bytes: reply }] : [];
    });
    const title = header('Replies, made of the requests of these command lines');
    if (replies.length > 0) writeFileSync(replyFile, formatHex([title, ...replies], names));
  }
  if (existsSync(replyFile)) {
    const all = parseHex(readFileSync(replyFile, 'utf8'));
    writeFileSync(replyFile, formatHex(all, names));
    for (const view of viewsOf(folder)) {
      const { stdout, stderr, status } = original(view.words, { replies: repliesOf(folder) });
      if (status !== 0 || stderr !== '') console.error(`${name} ${view.file}: exit ${status} ${stderr}`);
      writeFileSync(join(folder, view.file), stdout);
    }
  }
  console.log(`${name}: ${blocks.length} requests`);
}

/** What this kernel answers when the original shows the objects of a world. */
async function kernelReplies(folder: string): Promise<HexBlock[]> {
  const [show] = viewsOf(folder);
  if (show === undefined) throw new Error(`nothing shows ${folder}`);
  const sandbox = await Sandbox.open(originalPrograms());
  try {
    for (const line of readFileSync(join(folder, 'world'), 'utf8').split('\n').filter(Boolean)) {
      const { status, stderr } = await sandbox.run(line);
      if (status !== 0) throw new Error(`ip ${line}: exit ${status} ${stderr}`);
    }
    const strace = 'strace -f -e trace=recvmsg -e read=all -s 1000000 -o trace';
    await sandbox.run(`$ ${strace} ${originals()}/ip ${show.words.join(' ')}`);
    const { stdout } = await sandbox.run('$ cat trace');
    const types = messageTypes[relative(fixturesFolder, folder).split('/')[0]!] ?? [];
    return tracedBytes(stdout)
      .flatMap(datagram => splitMessages(datagram))
      .filter(message => types.includes(message.readUInt16LE(4)))
      .map(message => ({ comments: [], bytes: message }));
  } finally {
    await sandbox.close();
  }
}

function header(text: string): HexBlock {
  return { comments: [text], bytes: Buffer.alloc(0) };
}

/** Each message padded, so that they can follow each other. */
function aligned(messages: readonly Buffer[]): Buffer[] {
  return messages.map(bytes => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]));
}

function version(): string {
  const { stdout } = original(['-V']);
  return `${/iproute2-[\d.]+/.exec(stdout)?.[0] ?? originals()}`;
}
