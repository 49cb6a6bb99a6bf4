/**
 * The notice of what the package contains of others: the netlink package, whose text is in dist/ and whose binding in
 * native/, and the musl C library in native/CPU/nsexec.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Packages whose code is in the package, as text or compiled. */
const BUNDLED = ['netlink', 'node-addon-api'];
const LICENSE_FILES = ['LICENSE', 'LICENSE.md', 'COPYING'];

const MUSL = `musl libc (in native/*/nsexec)
https://musl.libc.org

Copyright © 2005-2020 Rich Felker, et al.

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Writes the notice. Fails if a package comes without the text of its license. */
export function writeNotice(file) {
  const require = createRequire(import.meta.url);
  const netlink = require.resolve('netlink/package.json');
  const notices = BUNDLED.map(name => {
    const folder = dirname(
      createRequire(netlink).resolve(name === 'netlink' ? netlink : `${name}/package.json`),
    );
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = LICENSE_FILES.map(name => join(folder, name)).find(path => existsSync(path));
    if (text === undefined) throw new Error(`${name} comes without the text of its license`);
    return `${name} ${version} (${license})\n\n${readFileSync(text, 'utf8').trim()}`;
  });
  const heading = 'This package contains code of others, under these licenses.';
  writeFileSync(file, `${[heading, ...notices, MUSL].join(`\n\n${'-'.repeat(78)}\n\n`)}\n`);
}
