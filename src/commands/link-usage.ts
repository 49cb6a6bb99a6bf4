/** The usage text of `ip link`, in our own words. */
export const LINK_USAGE = `Usage: ip link add [link DEVICE | parentdev NAME] [name] NAME [SETTINGS] type KIND [ARGUMENTS]
       ip link { set | change | replace } { [dev] DEVICE | group GROUP } [SETTINGS] [type KIND ARGUMENTS]
       ip link delete { [dev] DEVICE | group GROUP } [type KIND]
       ip link show [[dev] DEVICE] [FILTERS]
       ip link property { add | del } dev DEVICE altname NAME...
       ip link xstats type KIND [ARGUMENTS]
       ip link afstats [dev DEVICE]
       ip link help [KIND]`;
