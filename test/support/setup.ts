/**
 * Loaded by mocha before all tests, in each of its processes: an environment in which output and timing depend on nothing
 * of the user's, and test results that keep what the reporter counts on their way between processes.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';
import { repeatsOf } from './repeats.ts';
import { sharePrograms } from './sandbox.ts';
import { skipReasonOf } from './skip-reason.ts';

process.env.LC_ALL = 'C';
process.env.TZ = 'UTC';
process.umask(0o022);
// Makes every start of Node read a certificate store, which costs more than Node itself.
delete process.env.NODE_EXTRA_CA_CERTS;
for (const name of ['COLORFGBG', 'NO_COLOR', 'NODE_OPTIONS']) delete process.env[name];

/** Called once by the process that starts the others. */
export function mochaGlobalSetup(): void {
  if (process.argv.includes('--parallel')) sharePrograms();
}

const { serialize } = Mocha.Test.prototype as unknown as { serialize(this: Mocha.Test): object };
Object.assign(Mocha.Test.prototype, {
  serialize(this: Mocha.Test): object {
    return { ...serialize.call(this), repeats: repeatsOf(this), skipReason: skipReasonOf(this) };
  },
});

// Mocha would require() the tests: then what src/ imports at once and what it imports later, when a command needs it,
// would be two copies of the same module, with different classes. If that is refused, mocha falls back on import(), but
// shows the refusal if that fails, too: so the reason is shown here.
const { extensions } = createRequire(import.meta.url);
const load = extensions['.ts'];
extensions['.ts'] = (module, path) => {
  if (!/\.(test|inside)\.ts$/.test(path)) return load?.(module, path);
  import(pathToFileURL(path).href).catch(console.error);
  throw new Error(`${path} is to be imported, not required; if that fails, the reason stands above or below`);
};
