/** The help text of `ip ila`. */
export const ILA_USAGE = `\
Usage: ip ila add loc_match LOCATOR_MATCH loc LOCATOR [ dev DEV ] OPTIONS
       ip ila del loc_match LOCATOR_MATCH [ loc LOCATOR ] [ dev DEV ]
       ip ila list
OPTIONS := [ csum-mode { adj-transport | neutral-map | neutral-map-auto | no-action } ]
           [ ident-type { luid | use-format } ]

The upper half of the destination of packets, the locator, is replaced.
  loc_match   locators that are replaced     loc   what with; both as 1:2:3:4
  csum-mode   what keeps checksums right     ident-type   what the lower half is`;
