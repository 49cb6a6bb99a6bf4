/**
 * Builds the launcher, the addon and the exec program with node-gyp: the one npm names, or else the one inside npm.
 * Uses the headers that came with this Node, if it has them, so that nothing needs to be downloaded. The launcher
 * becomes the programs in bin/. With `--unbuilt` it only puts there what tells that they have to be built, as in a
 * package; with `--built` the launcher again.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const PROGRAMS = ['tsip', 'tsnsenter', 'tsunshare'];
const LAUNCHER = join(root, 'build/Release/launch');
const [, , option] = process.argv;
if (option !== undefined) {
  placePrograms(option === '--unbuilt' ? join(root, 'src/native/unbuilt.sh') : LAUNCHER);
  process.exit();
}
const prefix = resolve(process.execPath, '../..');
const hasHeaders = existsSync(join(prefix, 'include/node/node_api.h'));
const args = ['rebuild', '--silent', ...(hasHeaders ? [`--nodedir=${prefix}`] : [])];
const gyp = findNodeGyp();
const [command, prepend] = gyp ? [process.execPath, [gyp]] : ['node-gyp', []];
const result = spawnSync(command, [...prepend, ...args], { cwd: root, stdio: 'inherit' });
if (result.status !== 0) process.exit(result.status ?? 1);
copyNetlinkBinding();
rememberNode();
placePrograms(LAUNCHER);

/** The launcher prefers the Node that all this has been built with. */
function rememberNode() {
  const link = join(root, 'build/Release/node');
  rmSync(link, { force: true });
  symlinkSync(process.execPath, link);
}

/** Puts `file` into bin/ under the name of each program. One that is running must not be overwritten. */
function placePrograms(file) {
  for (const name of PROGRAMS) {
    const program = join(root, 'bin', name);
    copyFileSync(file, `${program}.new`);
    chmodSync(`${program}.new`, 0o755);
    renameSync(`${program}.new`, program);
  }
}

/** Puts the netlink package's binding beside our own, where the programs load it without searching for it. */
function copyNetlinkBinding() {
  const require = createRequire(import.meta.url);
  const netlink = dirname(require.resolve('netlink/package.json'));
  const { resolve: findBinding } = createRequire(join(netlink, 'package.json'))('node-gyp-build');
  copyFileSync(findBinding(netlink), join(root, 'build/Release/netlink.node'));
}

/** The node-gyp script to run with this Node, or undefined if only the PATH may have one. */
function findNodeGyp() {
  const npm = process.env.npm_execpath && resolve(dirname(process.env.npm_execpath), '..');
  const ofNpm = [npm, join(prefix, 'lib/node_modules/npm'), '/usr/share/nodejs/npm']
    .filter(Boolean)
    .map(folder => join(folder, 'node_modules/node-gyp/bin/node-gyp.js'));
  return [process.env.npm_config_node_gyp, ...ofNpm].find(path => path && existsSync(path));
}
