/** XDP programs of a device. Source: linux/if_link.h XDP_ATTACHED_*, IFLA_XDP_*. */
import type { LinkAttributes } from '../rtnetlink/link.ts';
import type { Output } from '../schema/output.ts';

type Xdp = NonNullable<LinkAttributes['xdp']>;

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

/** Prints how programs are attached: a word in the first line for people, everything for programs. */
export function showXdp(xdp: Xdp, out: Output): void {
  const mode = xdp.attached ?? NOT_ATTACHED;
  if (mode === NOT_ATTACHED) return;
  out.open('xdp');
  out.field('mode', mode, `${MODES[mode] ?? `xdp[${mode}]`} `);
  if (xdp.prog_id) showProgram(xdp.prog_id, out);
  out.list('attached');
  let isNamed = false;
  for (const [name, attachedMode] of ATTACHMENTS) {
    const id = xdp[name];
    if (id === undefined) continue;
    isNamed = true;
    showAttachment(attachedMode, id, out);
  }
  if (!isNamed && xdp.prog_id !== undefined) showAttachment(mode, xdp.prog_id, out);
  out.end();
  out.close();
}

function showAttachment(mode: number, id: number, out: Output): void {
  out.open();
  out.data('mode', mode);
  showProgram(id, out);
  out.close();
}

function showProgram(id: number, out: Output): void {
  out.open('prog');
  out.data('id', id);
  out.close();
}

/** Prints each program on a line of its own, for people. */
export function showXdpPrograms(xdp: Xdp, out: Output): void {
  const mode = xdp.attached ?? NOT_ATTACHED;
  if (mode === NOT_ATTACHED) return;
  if (xdp.prog_id) showProgramLine('xdp', xdp.prog_id, out);
  if (mode !== ATTACHED_SEVERAL) return;
  for (const [name, , word] of ATTACHMENTS) {
    const id = xdp[name];
    if (id) showProgramLine(word, id, out);
  }
}

function showProgramLine(word: string, id: number, out: Output): void {
  out.newline();
  out.text(`    prog/${word} id ${id} `);
}
