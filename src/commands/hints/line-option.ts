/** A line of a batch that begins with a namespace, as a command line may: there that has to be asked for. */
import { isNamespaceOption } from '../frame/options.ts';
import type { Hint } from './failure.ts';
import { complaintOf } from './request.ts';

export const lineOption: Hint = ({ words: [option = ''], error }) =>
  isNamespaceOption(option) && complaintOf(error)?.startsWith('Object ')
    ? 'with --line-netns, a line of a batch may begin with a network namespace'
    : undefined;
