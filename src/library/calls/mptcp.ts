/** What the calls of `network.mptcp` take. */
import {
  type MptcpEndpoint,
  type MptcpEndpointArguments,
  MptcpEndpoints,
  MptcpLimitSettings,
  type MptcpLimits,
} from '../generic/mptcp.ts';
import { device } from '../values/devices.ts';
import { integer, list, oneOf, passed, type Shape, text, unsigned } from '../values/shape.ts';
import { checkCalls, options, parameter, settings } from './call.ts';

const ID = integer(1, 0xff);
const PORT = integer(1, 0xffff);
const ENDPOINT: Shape<MptcpEndpointArguments> = {
  address: text,
  id: ID,
  port: PORT,
  device,
  flags: list(oneOf(['signal', 'subflow', 'backup', 'fullmesh', 'laminar'])),
};
/** An endpoint of a listing names itself. */
const REFERENCE: Shape<MptcpEndpoint> = {
  id: integer(0, 0xff),
  address: text,
  port: PORT,
  flags: passed,
  device: passed,
  device_index: passed,
};
const LIMITS: Shape<MptcpLimits> = { subflows: unsigned, add_addr_accepted: unsigned };

checkCalls(MptcpEndpoints, 'mptcp.endpoints', {
  list: [options()],
  all: [options()],
  get: [parameter('id', ID), options()],
  add: [settings('endpoint', ENDPOINT, ['address']), options()],
  change: [
    settings('endpoint', REFERENCE),
    parameter('flags', list(oneOf(['backup', 'fullmesh']))),
    options(),
  ],
  delete: [settings('endpoint', REFERENCE, ['id']), options()],
  flush: [options()],
});

checkCalls(MptcpLimitSettings, 'mptcp.limits', {
  get: [options()],
  set: [settings('limits', LIMITS), options()],
});
