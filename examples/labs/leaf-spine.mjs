// A fabric of leaves and spines, every leaf joined to every spine: what loops are for, a module says best.
const spines = 2;
const leaves = 3;

const nodes = {};
const links = [];
for (let spine = 1; spine <= spines; spine++) {
  nodes[`spine${spine}`] = { forward: true, routes: [] };
  for (let leaf = 1; leaf <= leaves; leaf++) {
    const net = `10.${spine}.${leaf}`;
    links.push(`spine${spine}:leaf${leaf} ${net}.1/30 -- leaf${leaf}:spine${spine} ${net}.2/30`);
    nodes[`spine${spine}`].routes.push(`10.100.${leaf}.0/24 via ${net}.2`);
  }
}
for (let leaf = 1; leaf <= leaves; leaf++) {
  const hops = Array.from({ length: spines }, (_, at) => `nexthop via 10.${at + 1}.${leaf}.1`);
  nodes[`leaf${leaf}`] = { forward: true, routes: [`10.100.0.0/16 ${hops.join(' ')}`] };
  nodes[`host${leaf}`] = { routes: [`default via 10.100.${leaf}.1`] };
  links.push(`leaf${leaf}:host 10.100.${leaf}.1/24 -- host${leaf}:eth0 10.100.${leaf}.2/24`);
}

export default { lab: 'leaf-spine', nodes, links, checks: ['host1 ping host2', 'host3 ping host1'] };
