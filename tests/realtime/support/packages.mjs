// What the tests of the emitters have laid down serves here too.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.EMITTERS_PACKAGES, 'package.json'));

export const { io: connect } = require('socket.io-client');
export const { Client } = require('pg');
