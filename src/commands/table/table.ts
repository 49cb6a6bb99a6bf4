/**
 * `--table`: what a command lists, in aligned columns. The command runs as ever, but what it prints is gathered as
 * records, which are laid out when all are there. Built as a separate file, which only this option loads.
 */

import { terminalWidth } from '../../kernel/system/terminal-width.ts';
import { peerText } from '../../layouts/map/words.ts';
import { STDOUT } from '../../linux/descriptors.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { type TableColumn, tableText } from '../../output/columns.ts';
import { type JsonRecord, memberText, recordOutput } from '../../output/records.ts';
import { type Args, EXIT_USAGE, isPrefixOf } from '../../schema/args.ts';
import { visible } from '../../wire/visible.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { mapOf } from '../map/model.ts';
import { registryColumns, showRegistry } from '../netns/table.ts';
import { type PlaceOf, plainRule, restOf, TABLE_RULES, type TableRule } from './columns.ts';

/** A pair's end needs no sign next to its heading. */
const SIGNS = { pair: '', lower: 'on', through: 'through' };

/** The command of an object, printing a table. */
export function inTable(object: string, command: Command): Command {
  return async (args, context) => {
    if (object === 'monitor') {
      context.complain('Option "-table" is not for "monitor", whose list never ends.');
      return EXIT_USAGE;
    }
    const isRegistry = object === 'netns' && isNamespaceList(args);
    if (isRegistry && context.isJson && context.strict === undefined) {
      showRegistry(readRegistry(), context.output());
      return 0;
    }
    if (context.isJson || context.strict !== undefined) return command(args, context);
    if (isRegistry) {
      print(registryColumns(readRegistry()), context);
      return 0;
    }
    const records: JsonRecord[] = [];
    const recording = context.withOutput(() => recordOutput(record => records.push(record)));
    try {
      return await command(args, recording);
    } finally {
      await printRecords(records, object, context);
    }
  };
}

/** The words by which `netns` lists, in any abbreviation. */
function isNamespaceList(args: Args): boolean {
  const word = args.peek();
  return word === undefined || ['list', 'show', 'lst'].some(name => isPrefixOf(word, name));
}

async function printRecords(records: readonly JsonRecord[], object: string, context: Context): Promise<void> {
  // A command may leave empty records where it has filtered something out.
  const shown = records.filter(record => Object.keys(record).length > 0);
  if (shown.length === 0) return;
  const rule = TABLE_RULES[object];
  const fitting = rule !== undefined && shown.every(record => rule.key in record) ? rule : plainRule(shown);
  print(columnsOf(shown, fitting, fitting === rule ? await findPlaces() : () => ''), context);
}

/** Where the other ends of the current namespace's devices are. */
async function findPlaces(): Promise<PlaceOf> {
  const registry = readRegistry();
  const map = mapOf(registry, await readTopology(registry.namespaces), false);
  const current = map.namespaces.find(({ isCurrent }) => isCurrent);
  const places = new Map(
    current?.devices.map(({ name, peer }) => [
      name,
      peer === undefined ? '' : peerText(peer, current.label, SIGNS).trim(),
    ]),
  );
  return device => places.get(device) ?? '';
}

function columnsOf(records: readonly JsonRecord[], rule: TableRule, placeOf: PlaceOf): TableColumn[] {
  const columns = rule.columns.map(({ heading, keys, lines, colour }) => ({
    heading,
    cells: records.map(record => ({
      lines: (
        lines?.(record, placeOf) ?? [
          keys
            .map(key => memberText(record[key]))
            .filter(Boolean)
            .join(' '),
        ]
      ).map(visible),
      colour: colour?.(record),
    })),
  }));
  if (!rule.hasRest) return columns;
  return [
    ...columns,
    { heading: 'MORE', cells: records.map(record => ({ lines: [visible(restOf(record, rule))] })) },
  ];
}

function print(columns: readonly TableColumn[], context: Context): void {
  context.sink.write(tableText(columns, widthOfOutput(), context.palette));
}

/** COLUMNS, or the terminal's width; a pipe has none. */
function widthOfOutput(): number | undefined {
  const given = Number(process.env['COLUMNS']);
  return Number.isInteger(given) && given > 0 ? given : terminalWidth(STDOUT);
}
