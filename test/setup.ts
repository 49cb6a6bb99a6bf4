/** Loaded by mocha before all tests: an environment in which output and timing depend on nothing of the user's. */

process.env.LC_ALL = 'C';
process.env.TZ = 'UTC';
// Makes every start of Node read a certificate store, which costs more than Node itself.
delete process.env.NODE_EXTRA_CA_CERTS;
for (const name of ['COLORFGBG', 'NO_COLOR', 'NODE_OPTIONS']) delete process.env[name];
