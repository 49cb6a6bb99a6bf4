/** Loaded by mocha before all tests: an environment in which output and timing depend on nothing of the user's. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

process.env.LC_ALL = 'C';
process.env.TZ = 'UTC';
// Makes every start of Node read a certificate store, which costs more than Node itself.
delete process.env.NODE_EXTRA_CA_CERTS;
for (const name of ['COLORFGBG', 'NO_COLOR', 'NODE_OPTIONS']) delete process.env[name];

// Mocha would require() the tests: then what src/ imports at once and what it imports later, when a command needs
// it, would be two copies of the same module, with classes of their own. Refused, mocha falls back on import(), but
// if that fails shows the refusal: so the reason is shown here.
const { extensions } = createRequire(import.meta.url);
const load = extensions['.ts'];
extensions['.ts'] = (module, path) => {
  if (!path.endsWith('.test.ts')) return load?.(module, path);
  import(pathToFileURL(path).href).catch(console.error);
  throw new Error(`${path} is to be imported, not required; if that fails, the reason stands above or below`);
};
