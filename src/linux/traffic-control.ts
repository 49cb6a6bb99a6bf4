/** Traffic control: messages and attributes of queueing disciplines. Source: linux/rtnetlink.h, linux/pkt_sched.h. */

/** A queueing discipline is there, or is to be: type of messages. */
export const RTM_NEWQDISC = 36;
export const RTM_DELQDISC = 37;
export const RTM_GETQDISC = 38;

/** tcm_parent of the discipline that gets all that a device sends. */
export const TC_H_ROOT = 0xffffffff;

export const TCA_KIND = 1;
export const TCA_OPTIONS = 2;

export const TCA_TBF_PARMS = 1;
export const TCA_TBF_RTAB = 2;
export const TCA_TBF_RATE64 = 4;
export const TCA_TBF_BURST = 6;

export const TCA_NETEM_REORDER = 3;
export const TCA_NETEM_CORRUPT = 4;
export const TCA_NETEM_RATE = 6;
export const TCA_NETEM_RATE64 = 8;
export const TCA_NETEM_LATENCY64 = 10;
export const TCA_NETEM_JITTER64 = 11;

/** struct tc_ratespec: frames have no cells. */
export const TC_LINKLAYER_ETHERNET = 1;
