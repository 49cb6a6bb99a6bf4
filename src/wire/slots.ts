/**
 * Slots: the places of a message that are read one by one, that is the bytes of its header and its attributes by
 * number. A set of them tells what somebody has read, or what differs between two messages: one byte a slot, not 0
 * for its members.
 */

/**
 * The slot of the attribute numbered 0: the slot of a byte of the header is its offset, and the longest header has so
 * many bytes.
 */
export const FIRST_ATTRIBUTE_SLOT = 16;
const SIZE = 96;

/** What nobody reads shares a slot. */
export const UNREAD_SLOT = SIZE - 1;

/** The highest attribute number that has a slot of its own. */
export const HIGHEST_ATTRIBUTE = UNREAD_SLOT - FIRST_ATTRIBUTE_SLOT - 1;

export type SlotSet = Uint8Array;

export function slotSet(): SlotSet {
  return new Uint8Array(SIZE);
}

/** Whether two sets have a member in common. */
export function intersects(one: SlotSet, other: SlotSet): boolean {
  return one.some((member, slot) => member !== 0 && other[slot] !== 0);
}

/** Adds the members of another set; whether any of them was new. */
export function addAll(set: SlotSet, others: SlotSet): boolean {
  let isNew = false;
  for (let slot = 0; slot < SIZE; slot++) {
    if (others[slot] === 0 || set[slot] !== 0) continue;
    set[slot] = 1;
    isNew = true;
  }
  return isNew;
}
