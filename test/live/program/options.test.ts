/** The options before the object, in every spelling and with values at their edges, as the original takes or refuses them. */
import { differential } from '../../support/twin.ts';

/** Lines by what they have in common. Each is `OPTIONS link show lo` unless it says more itself. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  'colours after an equals sign': [
    ...['-c=', '-color=', '--c=', '-=', '--=', '-col=', '-c=always', '-c=auto', '-c=never', '-c=a', '-c=alw'],
    ...[
      '-c==always',
      '-c=always=x',
      '-c=always=',
      '-color=ALWAYS',
      '-colors=always',
      '-c=never -c',
      '-c -c=never',
    ],
    ...['-c= -c=never', '-c=never -c=', '-j -c='],
  ],
  abbreviations: [
    ...['-s', '-st', '-stat', '-stats', '-statistic', '-statistics', '-statisticsx', '-d', '-de', '-detail'],
    ...[
      '-o',
      '-on',
      '-oneline',
      '-onelines',
      '-j',
      '-js',
      '-json -pretty',
      '-p -j',
      '-p',
      '-br',
      '-b',
      '-brief',
    ],
    ...[
      '-N',
      '-Num',
      '-numeric',
      '-r',
      '-re',
      '-resolve',
      '-t',
      '-ts',
      '-ti',
      '-tshort',
      '-h',
      '-hu',
      '-human',
    ],
    ...['-i', '-ie', '-iec', '-a', '-al', '-all', '-e', '-ec', '-echo', '-fo', '-force', '-D', '-S', '-J'],
    ...['-4', '-44', '-6', '-0', '-00', '-M', '-B', '-Br', '--', '--s', '---s', '- ', '-x', '-x=y', '-s=1'],
  ],
  families: [
    'inet',
    'inet6',
    'link',
    'bridge',
    'mpls',
    'any',
    'ine',
    'INET',
    'packet',
    'unspec',
    '2',
  ].flatMap(family => [`-f ${family}`, `-family ${family}`, `-f=${family}`]),
  numbers: [
    '0',
    '1',
    '-1',
    '010',
    '0x10',
    '0x',
    '08',
    'x',
    '4294967295',
    '4294967296',
    '99999999999',
    '1x',
  ].flatMap(number => [`-rc ${number}`, `-rcvbuf ${number}`, `-l ${number}`, `-loops ${number}`]),
  namespaces: [
    '-n nope',
    '-n .',
    '-n ..',
    '-n a/b',
    '-net nope',
    '-netn nope',
    '-netnsx nope',
    '-n /proc/self/ns/net',
  ],
};

describe('options of ip', () => {
  for (const [title, options] of Object.entries(LINES))
    differential(
      `take ${title} as the original does`,
      options.map(option => `${option} link show lo`),
      { state: false },
    );

  differential('without the value that they want', [
    ...['-f', '-family', '-l', '-loops', '-rc', '-b', '-n', '-net', '-c', '-c=', '-4'],
    ...[
      ['-f', ''],
      ['-l', '', 'link'],
      ['-rc', '', 'link'],
      ['-rc', ' 1', 'link'],
      ['-rc', '1 ', 'link'],
    ],
    ...[
      ['-b', ''],
      ['-n', '', 'link'],
      ['', 'link'],
      ['-', 'link'],
      ['- ', 'link'],
      ['-c=', ''],
    ],
  ]);
});
