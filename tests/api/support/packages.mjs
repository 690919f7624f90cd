// The packages that tests/api/install laid down where API_PACKAGES says.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.API_PACKAGES, 'package.json'));

export const Ajv = require('ajv/dist/2020').default;
export const addFormats = require('ajv-formats').default;
export const { Client } = require('pg');

// A module of the newer kind, which require() does not take.
export async function openapiSchema() {
  const { Validator } = await import(join(process.env.API_PACKAGES, 'node_modules/@seriousme/openapi-schema-validator/index.js'));
  return new Validator();
}
