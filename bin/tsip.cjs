'use strict';
require('./cached.cjs').start('tsip');
