/** How the options of an outer tunnel header are laid out: on a separate line, those of one kind. */
import type { ErspanOption, GeneveOption, TunnelOptions, VxlanOption } from '../rtnetlink/encap.ts';
import type { Output } from '../schema/output.ts';

/** Shows the options of an encapsulation in IPv4 or IPv6. */
export function showTunnelOptions({ geneve, vxlan, erspan }: TunnelOptions, out: Output): void {
  if (geneve !== undefined) showOptionList('geneve_opts', geneve, showGeneveOption, out);
  else if (vxlan !== undefined) showOptionList('vxlan_opts', [vxlan], showVxlanOption, out);
  else if (erspan !== undefined) showOptionList('erspan_opts', [erspan], showErspanOption, out);
}

function showOptionList<T>(
  key: string,
  options: readonly T[],
  showOption: (option: T, out: Output) => void,
  out: Output,
): void {
  out.newline();
  out.list(key, `\t${key} `);
  for (const [index, option] of options.entries()) {
    out.open();
    if (index > 0) out.text(',');
    showOption(option, out);
    out.close();
  }
  out.end(options.length === 0 ? '' : ' ');
}

function showGeneveOption({ class: optionClass = 0, type = 0, data }: GeneveOption, out: Output): void {
  const hex = data?.toString('hex') ?? '';
  out.field('class', optionClass, String(optionClass));
  out.field('type', type, `:${type}`);
  out.field('data', hex, `:${hex}`);
}

function showVxlanOption({ gbp = 0 }: VxlanOption, out: Output): void {
  out.field('gbp', gbp, String(gbp));
}

/** Version 1 has an index, version 2 a direction and a hardware id. */
function showErspanOption({ ver = 0, index = 0, dir = 0, hwid = 0 }: ErspanOption, out: Output): void {
  const shown = { index: ver === 1 ? index : 0, dir: ver === 2 ? dir : 0, hwid: ver === 2 ? hwid : 0 };
  out.field('ver', ver, String(ver));
  for (const [key, value] of Object.entries(shown)) out.field(key, value, `:${value}`);
}
