/** Words of `link` that the original does not have. */

/** Last on a line that moves a device: it is to come back. */
export const RETURN = '--return';
