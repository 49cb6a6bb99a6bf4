/** Which attribute of the request the kernel points at. */
import { NETLINK_ROUTE } from '../../../linux/netlink.ts';
import { attributeStepsAt } from '../../../rtnetlink/catalogue/attribute-path.ts';
import { loadKinds } from '../../../rtnetlink/kinds/load.ts';
import type { Hint } from '../failure.ts';
import { kernelErrorOf } from '../request.ts';

export const refusedAttribute: Hint = async ({ error }) => {
  const kernelError = kernelErrorOf(error);
  const { offset, missingType } = kernelError?.extendedAck ?? {};
  if (kernelError === undefined || kernelError.protocol !== NETLINK_ROUTE) return undefined;
  await loadKinds();
  const steps = offset === undefined ? undefined : attributeStepsAt(kernelError.request, offset);
  const last = steps?.at(-1);
  if (steps !== undefined && last !== undefined) {
    const path = steps.map(({ name }) => name).join('.');
    return `what the kernel refused is ${last.kernelName} (${path})`;
  }
  return missingType === undefined ? undefined : `the kernel wants attribute ${missingType} as well`;
};
