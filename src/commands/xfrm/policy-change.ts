/** `ip xfrm policy add` and `update`: one request made of arguments. */

import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import * as xfrm from '../../linux/xfrm.ts';
import { type Args, duplicateArgument, EXIT_USAGE, UsageError, wrongArgument } from '../../schema/args.ts';
import { exact, type Grammar, type Operand, reads, readWord, readWords } from '../../schema/keywords.ts';
import type { SecurityContext } from '../../xfrm/attributes.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { xfrmRequest } from '../../xfrm/messages.ts';
import { LEVELS, POLICY_FLAGS } from '../../xfrm/names.ts';
import { type LifetimeLimits, type Mark, policyInfo, type Template, template } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { number, oneOf } from '../grammar/values.ts';
import { change, failed } from './conversation.ts';
import { beginsIdentity, type Identified, identityKeywords, newIdentity, readIdentity } from './identity.ts';
import { limitKeyword, noLimits } from './limits.ts';
import { newSelecting, readSelector, SELECTOR_KEYWORDS, type Selecting } from './selector.ts';
import {
  ACTION,
  contextKeyword,
  DIRECTION,
  device,
  flagsKeyword,
  givenMark,
  INDEX,
  MODE,
  markKeyword,
  once,
  POLICY_TYPE,
  PRIORITY,
  REQID,
} from './values.ts';

const ALL_ALGORITHMS = 0xffffffff;

/** What the words say. */
interface PolicyDraft extends Selecting {
  limits: LifetimeLimits;
  direction?: number;
  index: number;
  action: number;
  priority: number;
  flags: number;
  type?: number;
  mark?: Mark;
  securityContext?: SecurityContext;
  interfaceId?: number;
  offload?: { ifindex: number; flags: number };
  templates: Template[];
  isSelectorRead: boolean;
}

const OFFLOAD_DEVICE = device('Invalid device name');
interface TemplateDraft extends Identified {
  template: Template;
}

const LEVEL = oneOf(LEVELS, 'LEVEL value is invalid\n', 'LEVEL');

/** The words of a template. Those of its ID may stand apart. */
const TEMPLATE_GRAMMAR: Grammar<TemplateDraft, Context> = {
  keywords: [
    exact('mode', MODE, ({ template: found }, mode) => {
      found.mode = mode;
    }),
    exact('reqid', REQID, ({ template: found }, reqid) => {
      found.reqid = reqid;
    }),
    exact('level', LEVEL, ({ template: found }, level) => {
      found.optional = level;
    }),
    ...identityKeywords<TemplateDraft>(false),
  ],
};

const TEMPLATE: Operand = { synopsis: 'TMPL', grammar: () => TEMPLATE_GRAMMAR as Grammar, isNonEmpty: true };

/** The words of `add` and `update`. */
export const POLICY_GRAMMAR: Grammar<PolicyDraft, Context> = {
  keywords: [
    once('dir', DIRECTION, 'direction'),
    contextKeyword(),
    markKeyword(),
    exact('index', INDEX, 'index'),
    once('ptype', POLICY_TYPE, 'type'),
    exact('action', ACTION, 'action'),
    exact('priority', PRIORITY, 'priority'),
    flagsKeyword('flag', POLICY_FLAGS, 0xff, 'FLAG value is invalid', (draft, bits) => {
      draft.flags |= bits;
    }),
    limitKeyword(),
    { ...reads('tmpl', [TEMPLATE], readTemplate), repeats: true },
    exact('if_id', number('IF_ID', 'IF_ID value is invalid'), 'interfaceId'),
    reads(
      'offload',
      [{ synopsis: 'packet', words: ['packet'] }, { synopsis: 'dev', words: ['dev'] }, OFFLOAD_DEVICE],
      readOffload,
    ),
    ...SELECTOR_KEYWORDS.map(keyword => ({
      ...keyword,
      read(draft: PolicyDraft, args: Args, context: Context) {
        args.back();
        readPolicySelector(draft, args, context);
      },
    })),
  ],
  readOperand: readPolicySelector,
};

/** A word that nothing takes begins an empty selector; the next such word is a second one. */
function readPolicySelector(draft: PolicyDraft, args: Args, context: Context): void {
  if (draft.isSelectorRead) throw duplicateArgument('unknown', args.peek()!);
  draft.isSelectorRead = true;
  readSelector(draft, args, context);
  if (draft.preferred === AF_UNSPEC) draft.preferred = draft.sel.family;
}

function readTemplate(draft: PolicyDraft, args: Args, context: Context): void {
  if (args.peek() === undefined) args.next();
  if (draft.templates.length === MAX_TEMPLATES)
    throw new UsageError('Too many tmpls: buffer overflow', EXIT_USAGE);
  const inner: TemplateDraft = {
    ...newIdentity(AF_UNSPEC),
    family: draft.preferred,
    template: { ...template.zero(), aalgos: ALL_ALGORITHMS, ealgos: ALL_ALGORITHMS, calgos: ALL_ALGORITHMS },
  };
  readTemplateWords(inner, args, context);
  draft.preferred = inner.family;
  draft.templates.push({
    ...inner.template,
    id: inner.id,
    family: inner.family,
    saddr: inner.saddr,
  });
}

/** Templates that the original's buffer takes. */
const MAX_TEMPLATES = 32;

function readTemplateWords(inner: TemplateDraft, args: Args, context: Context): void {
  // A second ID is a selector, which ends the template.
  while (!(inner.isIdRead && beginsIdentity(args)) && readWord(TEMPLATE_GRAMMAR, inner, args, context));
  if (!inner.isIdRead && !args.done) readIdentity(inner, args, context, false);
}

function readOffload(draft: PolicyDraft, args: Args, context: Context): void {
  const expect = (word: string, complaint: string) => {
    const found = args.next();
    if (found !== word) throw wrongArgument(found, complaint);
  };
  expect('packet', 'Invalid offload mode');
  expect('dev', 'Missing dev keyword');
  const ifindex = OFFLOAD_DEVICE.read(args, context, 'dev');
  draft.offload = { ifindex, flags: xfrm.XFRM_OFFLOAD_PACKET };
}

export const addPolicy = (args: Args, context: Context) =>
  changePolicy(args, context, xfrm.XFRM_MSG_NEWPOLICY);
export const updatePolicy = (args: Args, context: Context) =>
  changePolicy(args, context, xfrm.XFRM_MSG_UPDPOLICY);

async function changePolicy(args: Args, context: Context, type: number): Promise<number> {
  const draft: PolicyDraft = {
    ...newSelecting(context.family),
    limits: noLimits(),
    index: 0,
    action: 0,
    priority: 0,
    flags: 0,
    templates: [],
    isSelectorRead: false,
  };
  readWords(POLICY_GRAMMAR, draft, args, context);
  const { sel, limits, direction, index, action, priority, flags } = draft;
  if (direction === undefined) throw failed('Not enough information: DIR is required.');
  const family = sel.family === AF_UNSPEC ? AF_INET : sel.family;
  const request = xfrmRequest(type, 0, policyInfo, {
    ...policyInfo.zero(),
    sel: { ...sel, family },
    lft: limits,
    priority,
    index,
    dir: direction,
    action,
    flags,
  });
  xfrmAttributes.encode(request, {
    policy_type: draft.type === undefined ? undefined : { type: draft.type },
    tmpl: draft.templates.length === 0 ? undefined : draft.templates,
    mark: givenMark(draft.mark),
    sec_ctx: draft.securityContext,
    if_id: draft.interfaceId,
    offload_dev: draft.offload,
  });
  return change(request, context);
}
