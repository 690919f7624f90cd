// Socket.IO servers in Node with clients on them: the same clients on each server, so that what they hear
// can be compared.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server, connect } from './packages.mjs';
import { comesTrue, within } from './waiting.mjs';

// Who is where. The room of twenty characters is as long as the id of a socket.
export const twenty = 'room-of-twenty-chars';
// The hash of /streams is negative, which tells where the adapter for Redis Streams looks.
const people = {
  anna: { nsp: '/', rooms: ['red', 'stream:17', twenty] },
  ben: { nsp: '/', rooms: ['red', 'blue'] },
  carl: { nsp: '/', rooms: [] },
  dora: { nsp: '/streams', rooms: ['red'] },
};
export const names = Object.keys(people);

class Client {
  static async on(server, url, name) {
    const client = new Client();
    const { nsp, rooms } = people[name];
    client.name = name;
    client.heard = [];
    client.ends = [];
    client.socket = connect(url + nsp, { transports: ['websocket'], forceNew: true, reconnection: false });
    client.socket.onAny((...args) => client.heard.push(args));
    client.socket.on('disconnect', (reason) => client.ends.push(reason));
    await within(once(client.socket, 'connect'), `${name} connects`);
    client.peer = server.of(nsp).sockets.get(client.socket.id);
    client.peer.join(rooms);
    return client;
  }

  get rooms() { return [...this.peer.rooms].map((room) => (room === this.peer.id ? 'own' : room)).sort(); }
}

export class Stage {
  // `adapter`: none for the server that has no others beside it.
  static async raise(adapter) {
    const stage = new Stage();
    stage.http = createServer();
    stage.server = new Server(stage.http, { ...(adapter && { adapter }), serveClient: false });
    stage.serverHeard = [];
    for (const nsp of ['/', '/streams'])
      stage.server.of(nsp).on('from-outside', (...args) => stage.serverHeard.push([nsp, ...args]));
    stage.http.listen(0, '127.0.0.1');
    await once(stage.http, 'listening');
    stage.clients = {};
    const url = `http://127.0.0.1:${stage.http.address().port}`;
    for (const name of names) stage.clients[name] = await Client.on(stage.server, url, name);
    return stage;
  }

  // What a server in Node does where the job is its own.
  emitItself({ op = 'emit', nsp = '/', rooms = [], except = [], flags = {}, args, target, close = false, tx = 1 }) {
    let to = this.server.of(nsp).in(rooms).except(except);
    if (flags.volatile) to = to.volatile;
    if ('compress' in flags) to = to.compress(flags.compress);
    if (op === 'join') to.socketsJoin(target);
    else if (op === 'leave') to.socketsLeave(target);
    else if (op === 'disconnect') to.disconnectSockets(close);
    else for (let i = 0; i < tx; ++i) to.emit(...args);
  }

  heard() { return Object.fromEntries(names.map((name) => [name, this.clients[name].heard])); }
  rooms() { return Object.fromEntries(names.map((name) => [name, this.clients[name].rooms])); }
  ends() { return Object.fromEntries(names.map((name) => [name, this.clients[name].ends])); }
  clear() { for (const name of names) this.clients[name].heard = []; }

  // Everybody has heard `mark`, the last that was sent.
  async awaitMark(mark) {
    const there = (client) => !client.socket.connected || client.heard.some((event) => event[0] === 'mark' && event[1] === mark);
    await comesTrue(() => names.every((name) => there(this.clients[name])), `mark ${mark} is heard by all`);
    for (const name of names) this.clients[name].heard = this.clients[name].heard.filter(([event]) => event !== 'mark');
  }

  async strike() {
    for (const client of Object.values(this.clients)) client.socket.close();
    this.server.disconnectSockets(true);
    await within(new Promise((done) => { this.server.close(done); }), 'the server closes');
  }
}
