/**
 * Records fixtures from the original. In a folder such as fixtures/link/vlan, `arguments` holds command lines;
 *
 *     npx tsx test/record.ts fixtures/link/vlan ...
 *
 * writes request.hex (what the original asks the kernel for, or how it refuses), reply.hex unless it is there (the
 * links of these requests as a kernel would describe them; edit it, or put what a kernel sent), and for each view
 * of fixtures.ts a file with what the original shows of these replies. Nothing reaches this kernel.
 * TSIP_UAPI=DIR names a folder of newer kernel headers to take the names of attributes from.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readAttributeNames } from './attribute-names.ts';
import { formatHex, type HexBlock, parseHex } from './bytes.ts';
import { original, requests } from './capture.ts';
import { argumentLines, fixturesFolder, repliesOf, viewsOf } from './fixtures.ts';
import { linkReply } from './replay/link-reply.ts';
import { originals } from './requirements.ts';

const names = readAttributeNames(process.env.TSIP_UAPI);

for (const argument of process.argv.slice(2)) record(resolve(argument));

function record(folder: string): void {
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
  if (!existsSync(replyFile) && name.startsWith('link/')) {
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
