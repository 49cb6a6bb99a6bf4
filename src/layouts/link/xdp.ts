/** XDP programs of a device. Source: linux/if_link.h XDP_ATTACHED_*, IFLA_XDP_*. */
import type { LinkAttributes } from '../../rtnetlink/link.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';

type Xdp = NonNullable<LinkAttributes['xdp']>;

/** What is shown of a loaded program besides its id. */
export interface XdpProgram {
  readonly name: string;
  readonly tag: string;
  readonly isJited: boolean;
  readonly loadTime: bigint;
  readonly createdByUid: number;
  readonly btfId: number;
}

/** Looks at a loaded program; undefined when it cannot be looked at. */
export type ProgramFinder = (id: number) => XdpProgram | undefined;

const NOT_ATTACHED = 0;
const ATTACHED_SEVERAL = 4;

/** Words after the MTU, by XDP_ATTACHED_*. */
const MODES = ['', 'xdp', 'xdpgeneric', 'xdpoffload', 'xdpmulti'];

/** Attachments of a device that has several: which attribute, its XDP_ATTACHED_*, its word. */
const ATTACHMENTS = [
  ['skb_prog_id', 2, 'xdpgeneric'],
  ['drv_prog_id', 1, 'xdpdrv'],
  ['hw_prog_id', 3, 'xdpoffload'],
] as const;

/**
 * Prints how programs are attached: a word of the first line for people, which may have an id, everything for
 * programs.
 */
export function showXdp(
  xdp: Xdp,
  out: Output,
  view: View,
  find: ProgramFinder | undefined,
  tellsId: boolean,
): void {
  const mode = xdp.attached ?? NOT_ATTACHED;
  if (mode === NOT_ATTACHED) return;
  const show = (id: number) => {
    out.open('prog');
    programFields(id, view, find, (key, value) => out.data(key, value));
    out.close();
  };
  const showAttachment = (attachedMode: number, id: number) => {
    out.open();
    out.data('mode', attachedMode);
    show(id);
    out.close();
  };

  out.text(`${MODES[mode] ?? `xdp[${mode}]`}${tellsId && xdp.prog_id ? `/id:${xdp.prog_id}` : ''} `);
  out.open('xdp');
  out.data('mode', mode);
  if (xdp.prog_id) show(xdp.prog_id);
  out.list('attached');
  let isNamed = false;
  for (const [name, attachedMode] of ATTACHMENTS) {
    const id = xdp[name];
    if (id === undefined) continue;
    isNamed = true;
    showAttachment(attachedMode, id);
  }
  if (!isNamed && xdp.prog_id !== undefined) showAttachment(mode, xdp.prog_id);
  out.end();
  out.close();
}

/** Prints each program on a separate line, for people. */
export function showXdpPrograms(xdp: Xdp, out: Output, view: View, find: ProgramFinder | undefined): void {
  const mode = xdp.attached ?? NOT_ATTACHED;
  if (mode === NOT_ATTACHED) return;
  const show = (word: string, id: number) => {
    out.newline();
    out.text(`    prog/${word} `);
    programFields(id, view, find, (key, value) => out.text(key === 'jited' ? 'jited ' : `${key} ${value} `));
  };
  if (xdp.prog_id) show('xdp', xdp.prog_id);
  if (mode !== ATTACHED_SEVERAL) return;
  for (const [name, , word] of ATTACHMENTS) {
    const id = xdp[name];
    if (id) show(word, id);
  }
}

function programFields(
  id: number,
  view: View,
  find: ProgramFinder | undefined,
  show: (key: string, value: string | number | bigint) => void,
): void {
  show('id', id);
  const program = find?.(id);
  if (program === undefined) return;
  show('name', program.name);
  show('tag', program.tag);
  if (program.isJited) show('jited', 1);
  if (view.details === 0) return;
  show('load_time', program.loadTime);
  show('created_by_uid', program.createdByUid);
  if (program.btfId !== 0) show('btf_id', program.btfId);
}
