/** Which capability is missing, and in which user namespace. */
import { EACCES, EPERM } from '../../linux/errno.ts';
import type { Hint } from './failure.ts';
import { kernelErrorOf, systemErrorOf } from './request.ts';

export const permission: Hint = ({ words, error }, system) => {
  const kernelError = kernelErrorOf(error);
  const systemError = systemErrorOf(error);
  const errno = kernelError?.errno ?? systemError?.errno;
  if (errno !== EPERM && !(errno === EACCES && systemError !== undefined)) return undefined;
  const who = system.identity();
  const capability = kernelError === undefined ? 'CAP_SYS_ADMIN' : 'CAP_NET_ADMIN';
  const hasIt = kernelError === undefined ? who.hasSysAdmin : who.hasNetAdmin;
  const isOurs = who.owner === who.userNamespace;
  const owner = isOurs ? who.userNamespace : (who.owner ?? 'a user namespace outside of ours');
  if (kernelError !== undefined && hasIt && !isOurs)
    return `CAP_NET_ADMIN is held in ${who.userNamespace}, but this network namespace belongs to ${owner}; 'tsunshare -n' makes one that belongs to ours`;
  if (hasIt) return undefined;
  const where = kernelError === undefined ? who.userNamespace : owner;
  const lacking = `this takes ${capability} in ${where}, which user ${who.user} does not have`;
  if (who.user === 0) {
    return `${lacking}: what started this shell has dropped it; of a container, --cap-add ${capability.slice('CAP_'.length)} keeps it`;
  }
  return `${lacking}: be root there, or try it in namespaces of your own: tsip --rootless ${words.slice(0, 2).join(' ')} ...`;
};
