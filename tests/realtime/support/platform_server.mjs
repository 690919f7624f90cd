// A Socket.IO server of the platform's own, in Node, which hears of events by its adapter.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from '../../emitters/support/packages.mjs';
import { within } from '../../emitters/support/waiting.mjs';
import { Listener } from './listener.mjs';

// Its one client, who is in `rooms`. `where`: the Redis or the database that the adapter meets the emitter in.
export async function platformServer(raise, where, adapter, rooms) {
  const http = createServer();
  const server = new Server(http, { adapter: await adapter.adapter(where), serveClient: false });
  server.on('connection', (socket) => socket.join(rooms));
  server.of('/streams');
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = await Listener.on(`http://127.0.0.1:${http.address().port}`, { auth: {} });
  raise(null, async () => {
    client.close();
    server.disconnectSockets(true);
    await within(new Promise((done) => { server.close(done); }), 'the server in Node closes');
  });
  return client;
}
