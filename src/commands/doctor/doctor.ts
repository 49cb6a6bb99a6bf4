/** `tsip doctor`: what is wrong with this host's network namespaces, and what mends it. */
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { native } from '../../kernel/system/native.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { RUN_DIRECTORY } from '../../namespaces/named.ts';
import { EXIT_FAILURE, EXIT_USAGE } from '../../schema/args.ts';
import { visible } from '../../wire/visible.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { examine, type Finding, type Host } from './checks.ts';

const USAGE = `\
Usage: ip [ -json ] doctor

Looks for files that are no namespaces, mounts that will lose names, limits, capabilities and
modules that are missing, and look-ups of hosts that leave a namespace. Changes nothing. Exit
code 1 if something is found.`;

const SETS_LENGTH = 24;

/** Prints what is found. */
export const doctor: Command = async (args, context) => {
  if (!args.done) {
    const isHelp = args.is('help') || args.is('--help');
    if (isHelp) context.sink.write(`${USAGE}\n`);
    else context.complain(USAGE);
    return isHelp ? 0 : EXIT_USAGE;
  }
  const findings = examine(hostOf(context));
  if (context.isJson) showData(findings, context);
  else showText(findings, context);
  return findings.length === 0 ? 0 : EXIT_FAILURE;
};

function hostOf({ kernel }: Context): Host {
  const sets = Buffer.alloc(SETS_LENGTH);
  const isKnown = native.capget(sets) >= 0;
  return {
    registry: readRegistry(kernel),
    runDirectory: RUN_DIRECTORY,
    capabilities: isKnown ? BigInt(sets.readUInt32LE(0)) : 0n,
    user: process.geteuid?.() ?? 0,
    release: release(),
    read(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    exists: existsSync,
  };
}

function showText(findings: readonly Finding[], context: Context): void {
  const out = context.textOutput();
  for (const { text, mend } of findings) {
    out.text('✗ ', 'down');
    out.text(`${visible(text)}\n`);
    if (mend !== undefined) out.text(`  mend: ${visible(mend)}\n`);
  }
  if (findings.length === 0) {
    out.text('✓ ', 'up');
    out.text('nothing is wrong\n');
  }
}

function showData(findings: readonly Finding[], context: Context): void {
  const out = context.output();
  out.list();
  for (const { code, text, mend } of findings) {
    out.open();
    out.data('code', code);
    out.data('text', text);
    if (mend !== undefined) out.data('mend', mend);
    out.close();
    context.strict?.complain(text);
  }
  out.end();
}
