/**
 * What a command leaves for those that follow it: commands of a batch run one after the other in one process, and the
 * original keeps such things in global variables.
 */
import type { KnownFields } from '../../layouts/route/route.ts';
import type { AddressReader } from '../../rtnetlink/address.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import type { RouteReader } from '../../rtnetlink/route-reader.ts';
import type { Rule } from '../../rtnetlink/rule.ts';
import type { ChangeWindow } from '../batch/change-window.ts';
import type { BatchPlace } from '../batch/place.ts';
import type { NamespaceState } from './namespace-state.ts';
import type { GlobalOptions } from './options.ts';

/** The filter of a listing or a flush, which counts for what later lines of a batch show with -echo. */
export interface LeftFilter<T> {
  readonly selects: (object: T) => boolean;
  /** What it selects is taken for something to delete, and not shown. */
  readonly isOfFlush: boolean;
}

export class CallState {
  /** The network namespace in which commands run. */
  place: NamespaceState;
  /** AF_*: what -4 and its like ask for, until a command takes another; each line of a batch begins with the option's. */
  family: number;
  /** How much of the counters is shown: -s, and what `stats show` adds. */
  statistics: number;
  /** -j, until `monitor` takes it away. */
  json: number;
  /** Set by `link show`: from then on in a batch, `address show` shows devices as it does. */
  hasShownLinks = false;
  /** The filters that the last lines about addresses, devices, routes and rules have left. */
  addressFilter: LeftFilter<AddressReader> | undefined;
  linkFilter: ((link: LinkReader) => boolean) | undefined;
  routeFilter: (LeftFilter<RouteReader> & { readonly known: KnownFields }) | undefined;
  ruleFilter: LeftFilter<Rule> | undefined;
  /** In a forced batch: changes that may wait to be sent together. */
  window: ChangeWindow | undefined;
  /** The command is not to fail if what it makes is there (--if-absent), or what it deletes is not (--if-present). */
  isTolerant = false;
  /** In a batch: the line that is run. */
  batchLine: BatchPlace | undefined;

  readonly #drafts = new Map<object, object>();

  constructor({ family, statistics, json }: GlobalOptions, place: NamespaceState) {
    this.place = place;
    this.family = family;
    this.statistics = statistics;
    this.json = json;
  }

  /**
   * What the words of `grammar` have said in this process: some commands of the original begin where an earlier line of
   * a batch has ended, and so know its filters.
   */
  draft<T extends object>(grammar: object, empty: () => T): T {
    const found = (this.#drafts.get(grammar) as T | undefined) ?? empty();
    this.#drafts.set(grammar, found);
    return found;
  }
}
