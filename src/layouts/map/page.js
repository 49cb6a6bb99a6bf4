// The script of the page: lights connections, searches. Its state is the page's only: nothing is fetched or stored.
const map = document.querySelector('.map');
const wires = [...map.querySelectorAll('.wire[data-ends]')];
const byId = id => document.getElementById(id);
const ends = wire => wire.dataset.ends.split(' ').map(byId);
function light(lit) {
  for (const one of map.querySelectorAll('.lit')) one.classList.remove('lit');
  map.classList.toggle('pointing', lit.length > 0);
  for (const wire of lit) for (const one of [wire, ...ends(wire)]) one.classList.add('lit');
}
map.addEventListener('pointerover', event => {
  const wire = event.target.closest('.wire[data-ends]');
  const device = event.target.closest('.device');
  light(wire ? [wire] : device ? wires.filter(one => ends(one).includes(device)) : []);
});
map.addEventListener('pointerleave', () => light([]));
const search = document.querySelector('input');
search.addEventListener('input', () => {
  const word = search.value.trim().toLowerCase();
  map.classList.toggle('searching', word !== '');
  const has = one => word !== '' && one.textContent.toLowerCase().includes(word);
  for (const one of map.querySelectorAll('.namespace')) one.classList.toggle('found', has(one));
  for (const wire of wires)
    wire.classList.toggle(
      'found',
      word !== '' && ends(wire).every(end => end.closest('.namespace').classList.contains('found')),
    );
  for (const row of document.querySelectorAll('tbody tr')) row.classList.toggle('found', has(row));
  for (const list of document.querySelectorAll('details')) if (word !== '') list.open = has(list);
});
document.documentElement.dataset.ready = 'true';
