/** `ip nexthop bucket`: the buckets of resilient groups. */
import { showBucket } from '../../layouts/route/nexthop.ts';
import { RTM_DELNEXTHOPBUCKET, RTM_GETNEXTHOPBUCKET, RTM_NEWNEXTHOPBUCKET } from '../../linux/rtnetlink.ts';
import { decodeNextHop, type NextHopValues } from '../../rtnetlink/nexthop.ts';
import { type Args, EXIT_KERNEL, UsageRequest } from '../../schema/args.ts';
import { exact, type Grammar, readWords } from '../../schema/keywords.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { notOfKind } from '../frame/first-answer.ts';
import { CommandFailed } from '../frame/report.ts';
import { number } from '../grammar/values.ts';
import { DEVICE_SELECTORS, earlierSelectors, ID, refuseWord, type Selectors } from './selectors.ts';
import { requestOf } from './show.ts';

/** The words of `bucket list`. */
export const BUCKET_GRAMMAR: Grammar<NextHopValues, Context> = {
  keywords: [
    exact('id', ID, (values, id) => {
      values.id = id || undefined;
    }),
    ...DEVICE_SELECTORS,
    exact('nhid', ID, (values, id) => {
      values.res_bucket = id === 0 ? undefined : { nh_id: id };
    }),
  ],
  readOperand: (_values, args) => refuseWord(args),
};

/** Reads the rest of the line after what earlier lines of a batch have selected. */
function readBucketWords(args: Args, context: Context): NextHopValues {
  const shared = earlierSelectors(context);
  const bucket = context.state.draft(BUCKET_GRAMMAR, (): NextHopValues => ({}));
  const { protocol: _, ...values }: Selectors = { ...shared, ...bucket };
  readWords(BUCKET_GRAMMAR, values, args, context);
  Object.assign(bucket, { id: values.id, res_bucket: values.res_bucket });
  Object.assign(shared, { oif: values.oif, master: values.master });
  return values;
}

/** `ip nexthop bucket list`. */
export async function listBuckets(args: Args, context: Context): Promise<number> {
  const values = readBucketWords(args, context);
  const out = context.output();
  out.list();
  const request = requestOf(RTM_GETNEXTHOPBUCKET, context, values);
  // The document stands between the two lines about a refusal.
  const verdict = () => {
    out.end();
    if (context.isJson) context.sink.flush();
    return 'Dump terminated';
  };
  for await (const messages of context.dump(request, { exitCode: EXIT_KERNEL, verdict })) {
    for (const message of messages) showMessage(message, out);
  }
  out.end();
  return 0;
}

function showMessage(message: Message, out: Output): void {
  if (message.type !== RTM_NEWNEXTHOPBUCKET && message.type !== RTM_DELNEXTHOPBUCKET) return;
  const found = decodeNextHop(message);
  if (found !== undefined) showBucket(found, message.type === RTM_DELNEXTHOPBUCKET, out);
}

interface Draft {
  id?: number;
  index?: number;
}

/** The words of `bucket get`. */
export const GET_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('id', ID, 'id'),
    exact('index', number('INDEX', 'invalid bucket index value', 0xffff), 'index'),
  ],
};

/** `ip nexthop bucket get`. */
export async function getBucket(args: Args, context: Context): Promise<number> {
  const draft: Draft = {};
  readWords(GET_GRAMMAR, draft, args, context);
  const { id, index } = draft;
  if (!args.done || !id || index === undefined) throw new UsageRequest();
  const request = requestOf(RTM_GETNEXTHOPBUCKET, context, { id, res_bucket: { index } });
  const [message] = await context.request(request, 'answer');
  const out = context.output();
  out.list();
  const isBucket = message?.type === RTM_NEWNEXTHOPBUCKET || message?.type === RTM_DELNEXTHOPBUCKET;
  if (isBucket) showMessage(message, out);
  else if (message !== undefined) context.complain(notOfKind('Not a nexthop bucket', message));
  out.end();
  if (!isBucket) throw new CommandFailed();
  return 0;
}
