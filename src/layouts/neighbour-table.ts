/** How the parameters of a table of neighbours are laid out: some lines and an empty one, or an object. */
import type { NeighbourParameters, NeighbourTable } from '../rtnetlink/neighbour-table.ts';
import type { Datum, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

const FAMILIES: Readonly<Record<number, string>> = {
  2: 'inet',
  7: 'bridge',
  10: 'inet6',
  17: 'link',
  28: 'mpls',
};

/** A line of fields: key for programs, label for people, value. */
type Line = readonly (readonly [key: string, label: string, value: Datum | undefined])[];

/** Prints parameters, for programs as a separate object. `now` is the time in milliseconds since 1970. */
export function showNeighbourTable(shown: NeighbourTable, out: Output, view: View, now: number): void {
  const { name, parms, config, stats } = shown;
  const family = FAMILIES[shown.family] ?? String(shown.family);
  out.open();
  out.field('family', family, `${family} `);
  if (name !== undefined) out.field('name', name, `${name} `);
  out.newline();
  if (parms?.ifindex !== undefined && parms.ifindex !== 0) {
    const device = view.names.device(parms.ifindex);
    out.text('    dev ');
    out.field('dev', device, `${device} `, 'ifname');
    out.newline();
  }
  showLine(
    [
      ['thresh1', 'thresh1', shown.thresh1],
      ['thresh2', 'thresh2', shown.thresh2],
      ['thresh3', 'thresh3', shown.thresh3],
      ['gc_interval', 'gc_int', shown.gc_interval],
    ],
    out,
  );
  if (view.statistics > 0 && config !== undefined) showConfig(config, out, now);
  if (parms !== undefined) showParameters(parms, out);
  if (view.statistics > 0 && stats !== undefined) showStatistics(stats, out);
  out.text('\n');
  out.close();
}

/** Prints the fields that are there, if there are any. */
function showLine(line: Line, out: Output, indent = '    '): void {
  const present = line.filter(([, , value]) => value !== undefined);
  if (present.length === 0) return;
  out.text(indent);
  for (const [key, label, value] of present) out.field(key, value as Datum, `${label} ${value} `);
  out.newline();
}

function showParameters(parms: NeighbourParameters, out: Output): void {
  showLine(
    [
      ['refcnt', 'refcnt', parms.refcnt],
      ['reachable', 'reachable', parms.reachable_time],
      ['base_reachable', 'base_reachable', parms.base_reachable_time],
      ['retrans', 'retrans', parms.retrans_time],
    ],
    out,
  );
  showLine(
    [
      ['gc_stale', 'gc_stale', parms.gc_staletime],
      ['delay_probe', 'delay_probe', parms.delay_probe_time],
      ['queue', 'queue', parms.queue_len],
    ],
    out,
  );
  showLine(
    [
      ['app_probes', 'app_probes', parms.app_probes],
      ['ucast_probes', 'ucast_probes', parms.ucast_probes],
      ['mcast_probes', 'mcast_probes', parms.mcast_probes],
      ['mcast_reprobes', 'mcast_reprobes', parms.mcast_reprobes],
    ],
    out,
  );
  showLine(
    [
      ['anycast_delay', 'anycast_delay', parms.anycast_delay],
      ['proxy_delay', 'proxy_delay', parms.proxy_delay],
      ['proxy_queue', 'proxy_queue', parms.proxy_qlen],
      ['locktime', 'locktime', parms.locktime],
    ],
    out,
  );
}

function showConfig(config: NonNullable<NeighbourTable['config']>, out: Output, now: number): void {
  showLine(
    [
      ['key_length', 'config key_len', config.key_length],
      ['entry_size', 'entry_size', config.entry_size],
      ['entries', 'entries', config.entries],
    ],
    out,
  );
  showLine(
    [
      ['last_flush', 'last_flush', timeText(now, config.last_flush)],
      ['last_rand', 'last_rand', timeText(now, config.last_rand)],
    ],
    out,
    '        ',
  );
  const mask = config.hash_mask.toString(16);
  out.text('        ');
  out.field('hash_rnd', config.hash_rnd, `hash_rnd ${config.hash_rnd} `);
  out.field('hash_mask', `0x${mask}`, `hash_mask ${mask.padStart(8, '0')} `);
  out.field('hash_chain_gc', config.hash_chain_gc, `hash_chain_gc ${config.hash_chain_gc} `);
  out.field('proxy_qlen', config.proxy_qlen, `proxy_qlen ${config.proxy_qlen} `);
  out.newline();
}

/** Local date and time so many milliseconds ago, both counted in whole seconds. */
function timeText(now: number, ago: number): string {
  const date = new Date((Math.floor(now / 1000) - Math.floor(ago / 1000)) * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function showStatistics(stats: NonNullable<NeighbourTable['stats']>, out: Output): void {
  showLine(
    [
      ['allocs', 'stats allocs', stats.allocs],
      ['destroys', 'destroys', stats.destroys],
      ['hash_grows', 'hash_grows', stats.hash_grows],
    ],
    out,
  );
  showLine(
    [
      ['res_failed', 'res_failed', stats.res_failed],
      ['lookups', 'lookups', stats.lookups],
      ['hits', 'hits', stats.hits],
    ],
    out,
  );
  showLine(
    [
      ['rcv_probes_mcast', 'rcv_probes_mcast', stats.rcv_probes_mcast],
      ['rcv_probes_ucast', 'rcv_probes_ucast', stats.rcv_probes_ucast],
    ],
    out,
  );
  showLine(
    [
      ['periodic_gc_runs', 'periodic_gc_runs', stats.periodic_gc_runs],
      ['forced_gc_runs', 'forced_gc_runs', stats.forced_gc_runs],
    ],
    out,
  );
  showLine([['table_fulls', 'table_fulls', stats.table_fulls]], out);
}
