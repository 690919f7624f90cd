// The packages that tests/browser/install laid down where BROWSER_PACKAGES says.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.BROWSER_PACKAGES, 'package.json'));

export const { chromium } = require('playwright-core');
export const axe = require('axe-core').source;
