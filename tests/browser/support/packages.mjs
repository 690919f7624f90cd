// The packages that tests/browser/install laid down where BROWSER_PACKAGES says.
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const packages = process.env.BROWSER_PACKAGES;
const require = createRequire(join(packages, 'package.json'));

export const { chromium } = require('playwright-core');
export const { Server: socket_server } = require('socket.io');
export const axe = require('axe-core').source;
