'use strict';
require('./cached.cjs').start('tsunshare');
