/**
 * A program of an ordinary user as root of the user's namespaces, those of `tsip --rootless`. Node has several threads and may
 * not enter a user namespace, so the process becomes the same program once more, inside. Source: user_namespaces(7).
 */
import { isAdministrator } from '../kernel/system/capabilities.ts';
import { SystemError } from '../kernel/system/errors.ts';
import { EPERM } from '../linux/errno.ts';
import { becomeInside } from '../namespaces/rootless/become.ts';
import { RootlessError } from '../namespaces/rootless/folder.ts';
import { isInside, ROOTLESS_VARIABLE } from '../namespaces/rootless/variable.ts';

/**
 * Makes the rest of the library work without root: replaces this process by the same program, with the same arguments, in the
 * network namespaces that `tsip --rootless` of this user works in. Call it first: what the program has done before is done
 * again. It returns without an effect where the process may make namespaces, as root or inside.
 *
 * Throws {@link SystemError} where users may have no namespaces, which names the setting, in worker threads, and where a
 * parent process would lose its channel to this one.
 */
export function rootless(): void {
  if (isInside(process.env[ROOTLESS_VARIABLE]) || isAdministrator()) return;
  if (!process.getBuiltinModule('node:worker_threads').isMainThread)
    throw new SystemError('rootless() is for the main thread: it replaces the process', EPERM);
  if (process.connected)
    throw new SystemError(
      'rootless() would end the channel to the parent process: start that one with "tsip --rootless run"',
      EPERM,
    );
  try {
    becomeInside('rootless()', [process.execPath, ...process.execArgv, ...process.argv.slice(1)], ['node']);
  } catch (error) {
    throw error instanceof RootlessError ? new SystemError(error.message, EPERM) : error;
  }
}
