/** The request about one device. */
import { RTM_GETLINK } from '../../linux/rtnetlink.ts';
import { link, linkHeader } from '../../rtnetlink/link.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { isDeviceName } from './device-names.ts';

/** A request for one device, by index, or by name as it was given. */
export function linkGetRequest(
  device: { readonly index: number } | { readonly name: string },
  extMask: number,
  family: number,
): MessageWriter {
  const request = new MessageWriter(RTM_GETLINK, 0);
  const index = 'index' in device ? device.index : 0;
  linkHeader.write(request, { ...linkHeader.zero(), family, index });
  if ('name' in device) {
    const { name } = device;
    link.encode(request, isDeviceName(name) ? { ifname: name } : { alt_ifname: name });
  }
  link.encode(request, { ext_mask: extMask });
  return request;
}
