/** The package managers: how each installs a project, and gets at the registry as npm does here. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Manager {
  /** The package of npm that it comes in. */
  readonly from: string;
  readonly words: readonly string[];
  /** What has it run no script of a package. */
  readonly withoutScripts: string;
  /** Files of the project next to package.json. */
  readonly files?: Readonly<Record<string, string>>;
  /** What runs a program of the project. */
  readonly exec?: readonly string[];
}

export const IGNORED = '--ignore-scripts';

/** It runs scripts of packages only where it is asked to. */
function yarnSettings(linker: string): string {
  return `nodeLinker: ${linker}\nenableTelemetry: false\nenableScripts: true\n`;
}

export const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: { from: 'npm@11', words: ['npm', 'install', '--no-audit', '--no-fund'], withoutScripts: IGNORED },
  'pnpm 10': { from: 'pnpm@10', words: ['pnpm', 'install'], withoutScripts: IGNORED },
  // It ends with 1 where an install script was not run.
  'pnpm 12': { from: 'pnpm@12', words: ['pnpm', 'install'], withoutScripts: IGNORED },
  'yarn 1': { from: 'yarn@1', words: ['yarn', 'install', '--no-lockfile'], withoutScripts: IGNORED },
  'yarn 4': {
    from: '@yarnpkg/cli-dist@4',
    words: ['yarn', 'install', '--no-immutable'],
    withoutScripts: '--mode=skip-build',
    files: { '.yarnrc.yml': yarnSettings('node-modules'), 'yarn.lock': '' },
  },
  'yarn 4 with Plug’n’Play': {
    from: '@yarnpkg/cli-dist@4',
    words: ['yarn', 'install', '--no-immutable'],
    withoutScripts: '--mode=skip-build',
    files: { '.yarnrc.yml': yarnSettings('pnp'), 'yarn.lock': '' },
    exec: ['yarn', 'run'],
  },
  bun: { from: 'bun@1', words: ['bun', 'install'], withoutScripts: IGNORED },
};

/** How managers reach the registry as npm does here: yarn 4 has its own settings. The suite has unset certificates. */
export function registryVariables(): Record<string, string> {
  const started = readFileSync('/proc/self/environ', 'utf8').split('\0');
  const value = (name: string) => started.find(text => text.startsWith(`${name}=`))?.slice(name.length + 1);
  const certificates = value('NODE_EXTRA_CA_CERTS') ?? value('SSL_CERT_FILE');
  const registry = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();
  return {
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    ...(certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates }),
  };
}
