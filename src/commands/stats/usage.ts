/** The help text of `ip stats`: synopses out of the tables, explanations in our own words. */
import { LEAVES } from './leaves.ts';

/** The words of one level below a group, joined as a synopsis shows a choice. */
function subgroupsOf(group: string): string {
  const leaves = LEAVES.filter(leaf => leaf.group === group);
  const subgroups = [...new Set(leaves.map(({ subgroup }) => subgroup))];
  const spelt = subgroups.map(name => {
    const suites = leaves.filter(({ subgroup, suite }) => subgroup === name && suite !== undefined);
    return [name, ...suites.map(({ suite }) => `[ suite ${suite} ]`)].join(' ');
  });
  return `{ ${spelt.join(' | ')} }`;
}

const groups = [...new Set(LEAVES.map(({ group }) => group))];
const nested = groups.filter(group =>
  LEAVES.some(leaf => leaf.group === group && leaf.subgroup !== undefined),
);

export const STATS_USAGE = `\
Usage: ip stats help
       ip stats show [ dev DEV ] [ group GROUP [ subgroup SUBGROUP [ suite SUITE ] ... ] ... ] ...
       ip stats set dev DEV l3_stats { on | off }
GROUP := { ${groups.join(' | ')} }
${nested.map(group => `${group} SUBGROUP := ${subgroupsOf(group)}`).join('\n')}

  link          counters of the device         afstats   counters of a protocol
  xstats        counters of its kind           offload   counters of hardware:
  xstats_slave  the same of a part of such     cpu_hit   what reached the processor all the same
                a device                       l3_stats  forwarded packets, if switched on with set`;
