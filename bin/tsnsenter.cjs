'use strict';
require('./cached.cjs').start('tsnsenter');
