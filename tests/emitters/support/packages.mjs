// The packages that tests/emitters/install laid down where EMITTERS_PACKAGES says.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.EMITTERS_PACKAGES, 'package.json'));

export const { Server } = require('socket.io');
export const { io: connect } = require('socket.io-client');
export const classic = require('@socket.io/redis-adapter').createAdapter;
export const sharded = require('@socket.io/redis-adapter').createShardedAdapter;
export const streams = require('@socket.io/redis-streams-adapter').createAdapter;
export const postgres = (version) => require(`@socket.io/postgres-adapter-${version}`).createAdapter;
export const { createClient, createCluster } = require('redis');
export const { Pool } = require('pg');
