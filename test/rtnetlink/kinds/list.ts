/** All link kinds, for tests that go through them. */
import type { LinkKind } from '../../../src/rtnetlink/kind.ts';
import { loadedKind, loadKinds } from '../../../src/rtnetlink/kinds/load.ts';

export const LINK_KINDS = await loadKinds();

/** The description of a kind; undefined for unknown kinds. */
export function findKind(name: string): LinkKind | undefined {
  return loadedKind(name);
}
