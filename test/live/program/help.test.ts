/** Where help texts go and how the programs end then: as the originals, whatever our own words are. */
import { OBJECTS } from '../../../src/commands/objects.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';
import { samePrograms } from '../../support/programs.ts';

/** The exit code, and the streams on which anything was printed. */
const place = (line: string) =>
  `${line} >out 2>err </dev/null; echo "$? $([[ -s out ]] && echo out) $([[ -s err ]] && echo err)"`;

/** Where the original has none of a kind's own, it shows that of links. */
const kinds = LINK_KINDS.map(({ name }) => `ip link help ${name}`);

describe('help', () => {
  samePrograms('of ip and its objects has its place', [
    ...['help', 'h', '-help', '-h', '', '-6', 'help link', '-f help link'].map(words => place(`ip ${words}`)),
    ...OBJECTS.filter(({ run }) => run !== undefined).map(({ name }) => place(`ip ${name} help`)),
    ...[
      'link help nonsense',
      'link h',
      'route add default encap help',
      'link xstats help',
      'link property help',
    ].map(words => place(`ip ${words}`)),
    ...kinds.map(place),
  ]);

  samePrograms('of kinds among the arguments of a new device has its place', [
    ...LINK_KINDS.map(({ name }) => place(`ip link add x type ${name} help`)),
  ]);

  samePrograms('of nsenter and unshare has its place', [
    ...['nsenter', 'unshare'].flatMap(program =>
      ['--help', '-h', '--hel', '-h --nonsense', '--nonsense -h', '-V', '--version', '--help=x'].map(words =>
        place(`${program} ${words}`),
      ),
    ),
  ]);
});
