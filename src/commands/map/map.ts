/**
 * `tsip map`: a picture of the network namespaces of this host. The original has no such object;
 * its options are read by yargs.
 */
import { createHash } from 'node:crypto';
import { dotText } from '../../layouts/map/dot.ts';
import { htmlText } from '../../layouts/map/html.ts';
import { showJson } from '../../layouts/map/json.ts';
import { mermaidText } from '../../layouts/map/mermaid.ts';
import { FORMATS, type HostMap, type MapDetail, type MapFormat } from '../../layouts/map/model.ts';
import { svgText } from '../../layouts/map/svg.ts';
import { showTree } from '../../layouts/map/tree.ts';
import { isCalled } from '../../namespaces/inventory/naming.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { listNames } from '../../namespaces/named.ts';
import { jsonOutput } from '../../output/json.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../../schema/args.ts';
import { visible } from '../../wire/visible.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { failureOf } from '../frame/report.ts';
import { mapOf } from './model.ts';

const HELP_WIDTH = 100;

interface Drawing extends MapDetail {
  readonly ascii: boolean;
}

interface MapOptions extends Drawing {
  readonly format: MapFormat;
  /** Only these; if empty, all. */
  readonly namespaces: readonly string[];
}

/** Draws the map that the rest of the line asks for. */
export const map: Command = async (args, context) => {
  const words = args.rest;
  try {
    const options = words[0] === 'help' ? await helpText() : await readOptions(words);
    if (typeof options === 'string') {
      context.sink.write(`${options}\n`);
      return 0;
    }
    return await drawMap(options, context);
  } catch (error) {
    if (error instanceof WrongOption) {
      context.complain(`${error.message}\nTry "ip map help".`);
      return EXIT_USAGE;
    }
    const failure = failureOf(error);
    context.complain(failure.text);
    return failure.exitCode;
  }
};

class WrongOption extends Error {}

async function parserOf(words: readonly string[]) {
  const { default: yargs } = await import('yargs');
  return yargs([...words])
    .scriptName('ip map')
    .locale('en')
    .wrap(HELP_WIDTH)
    .version(false)
    .exitProcess(false)
    .usage(
      'Usage: ip [-json] [-color] map [OPTION...] [NAMESPACE...]\n\nDraws the network namespaces, their devices, and how these are joined.',
    )
    .command('$0 [namespace..]', false, command =>
      command.positional('namespace', { type: 'string', array: true, default: [] as string[] }),
    )
    .options({
      format: { choices: FORMATS, default: 'tree' as const, requiresArg: true, describe: 'what to print' },
      ascii: { type: 'boolean', default: false, describe: 'draw the tree in ASCII' },
      addresses: { type: 'boolean', default: true, hidden: true },
      'no-addresses': { type: 'boolean', describe: 'leave addresses out' },
      processes: { type: 'boolean', default: false, describe: 'name the processes in each namespace' },
      all: {
        type: 'boolean',
        default: false,
        describe: 'also loopback devices and link-local addresses that are alike everywhere',
      },
    })
    .coerce(['format', 'ascii', 'addresses', 'processes', 'all'], lastOf)
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .help()
    .epilogue(
      'A NAMESPACE is a name, a path, pid:PID, container:ID, docker:ID, podman:ID or netns:INODE. More is in tsip-map(8).',
    )
    .fail((message, error) => {
      // Some of its complaints come as errors.
      throw new WrongOption((message ?? error.message).split(/\s*\n\s*/).join(' '));
    });
}

/** The last value of an option that is given several times; yargs makes a list of them, as of several namespaces. */
function lastOf<T>(value: T | readonly T[]): T {
  return Array.isArray(value) ? value.at(-1) : (value as T);
}

/** What may come next after `before`: yargs knows. */
export async function mapCandidates(before: readonly string[]): Promise<readonly string[]> {
  if (before.at(-1) === '--format') return FORMATS;
  return [...listNames(), ...(await (await parserOf([])).getCompletion([...before, '--']))];
}

async function helpText(): Promise<string> {
  return (await parserOf([])).getHelp();
}

/** The options, or the help text if that is asked for. Throws {@link WrongOption}. */
async function readOptions(words: readonly string[]): Promise<MapOptions | string> {
  if (words.includes('--help')) return helpText();
  const { format, ascii, addresses, processes, all, namespace } = (await parserOf(words)).parseSync();
  return { format, ascii, addresses, processes, all, namespaces: (namespace as string[] | undefined) ?? [] };
}

async function drawMap(options: MapOptions, context: Context): Promise<number> {
  const format = context.isJson || context.strict !== undefined ? 'json' : options.format;
  const registry = readRegistry();
  for (const word of options.namespaces) {
    if (registry.namespaces.some(entry => isCalled(entry, word))) continue;
    context.complain(`No network namespace is called "${visible(word)}".`);
    return EXIT_FAILURE;
  }
  // All are looked into: those chosen may be joined to any other.
  const contents = (await readTopology(registry.namespaces)).filter(
    ({ namespace }) =>
      options.namespaces.length === 0 || options.namespaces.some(word => isCalled(namespace, word)),
  );
  printMap(mapOf(registry, contents, options.processes || format === 'json'), format, options, context);
  return 0;
}

/** Prints a map. */
export function printMap(drawn: HostMap, format: MapFormat, options: Drawing, context: Context): void {
  const { sink } = context;
  switch (format) {
    case 'json':
      showJson(drawn, context.strict?.output ?? jsonOutput(sink, context.options.pretty > 0));
      break;
    case 'tree':
      showTree(drawn, context.textOutput(), options, options.ascii);
      break;
    case 'svg':
      sink.write(svgText(drawn, options));
      break;
    case 'html':
      sink.write(htmlText(drawn, options, text => createHash('sha256').update(text).digest('base64')));
      break;
    case 'dot':
      sink.write(dotText(drawn, options));
      break;
    case 'mermaid':
      sink.write(mermaidText(drawn, options));
      break;
  }
}
