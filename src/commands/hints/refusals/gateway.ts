/** A gateway that no device leads to. */
import { EHOSTUNREACH, ENETUNREACH } from '../../../linux/errno.ts';
import { RTM_NEWROUTE } from '../../../linux/rtnetlink.ts';
import { routeAttributes, routeHeader } from '../../../rtnetlink/route.ts';
import { HEADER_LENGTH } from '../../../wire/message.ts';
import type { Hint } from '../failure.ts';
import { kernelErrorOf, requestType } from '../request.ts';

export const unreachableGateway: Hint = ({ error }) => {
  const kernelError = kernelErrorOf(error);
  if (kernelError === undefined || requestType(kernelError) !== RTM_NEWROUTE) return undefined;
  if (kernelError.errno !== ENETUNREACH && kernelError.errno !== EHOSTUNREACH) return undefined;
  const { request } = kernelError;
  const { gateway } = routeAttributes.decode(request, HEADER_LENGTH + routeHeader.size, request.length);
  if (gateway === undefined) return undefined;
  return `${gateway} is in the network of no device that is up: give one an address of that network, or say 'dev DEVICE onlink'`;
};
