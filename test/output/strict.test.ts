/** The writer of --strict-json: one valid document, whatever is printed to it. */
import assert from 'node:assert/strict';
import { StrictDocument } from '../../src/output/strict.ts';
import type { Output } from '../../src/schema/output.ts';

function written(...prints: ((out: Output) => void)[]): string {
  let text = '';
  const document = new StrictDocument(
    {
      write: part => {
        text += part;
      },
      flush: () => undefined,
    },
    false,
  );
  for (const print of prints) {
    print(document.output);
    document.finish();
  }
  return text;
}

describe('a strict document', () => {
  it('is an empty list when nothing is printed, and one list whatever is opened', () => {
    assert.equal(
      written(() => undefined),
      '[]\n',
    );
    const twice = (out: Output) => {
      for (const name of ['a', 'b']) {
        out.list();
        out.open();
        out.field('name', name, name);
        out.close();
        out.end();
      }
    };
    assert.equal(written(twice), '[{"name":"a"},{"name":"b"}]\n');
    assert.equal(written(twice, twice), '[{"name":"a"},{"name":"b"}]\n'.repeat(2));
  });

  it('leaves out objects without members in lists, not those under a key', () => {
    const out = written(out => {
      out.list();
      out.open();
      out.close();
      out.open();
      out.open('linkinfo');
      out.close();
      out.list('flags');
      out.open();
      out.close();
      out.end();
      out.close();
      out.end();
    });
    assert.equal(out, '[{"linkinfo":{},"flags":[]}]\n');
  });

  it('shows flags as true, and an absence as null', () => {
    const out = written(out => {
      out.open();
      out.field('router', null, 'router ');
      out.field('link', null, '@NONE');
      out.close();
    });
    assert.equal(out, '[{"router":true,"link":null}]\n');
  });

  it('has each key once in an object', () => {
    const out = written(out => {
      out.open();
      for (const value of [1, 2, 3]) out.field('mtu', value, '');
      out.list('mtu');
      out.end();
      out.open('mtu');
      out.field('mtu', 4, '');
      out.close();
      out.close();
    });
    assert.equal(out, '[{"mtu":1,"mtu_2":2,"mtu_3":3,"mtu_4":[],"mtu_5":{"mtu":4}}]\n');
  });

  it('makes objects of members that come without one, and closes what is left open', () => {
    const out = written(out => {
      out.list();
      out.field('a', 1, '');
      out.open();
      out.field('b', 2, '');
      out.open('inner');
      out.list('items');
      out.item('x', 'x');
    });
    assert.equal(out, '[{"a":1},{"b":2,"inner":{"items":["x"]}}]\n');
  });

  it('joins an object straight inside an object with it', () => {
    const echo = (hasMembers: boolean) => (out: Output) => {
      out.list();
      out.open();
      out.open();
      if (hasMembers) out.field('a', 1, '');
      if (hasMembers) out.list('b');
      if (hasMembers) out.end();
      out.close();
      if (hasMembers) out.field('a', 2, '');
      out.close();
      out.end();
    };
    assert.equal(written(echo(true), echo(false)), '[{"a":1,"b":[],"a_2":2}]\n[]\n');
  });

  it('is UTF-8 whatever bytes are in names', () => {
    const out = written(out => out.field('name', 'a\udcff\ud83d\ude00"\n', ''));
    assert.equal(out, '[{"name":"a\\udcff\ud83d\ude00\\"\\n"}]\n');
    assert.equal(JSON.parse(out)[0].name, 'a\udcff\ud83d\ude00"\n');
  });

  it('survives ends that were never begun', () => {
    const out = written(out => {
      out.end();
      out.close();
      out.end();
      out.item('x', 'x');
    });
    assert.equal(out, '["x"]\n');
  });
});
