// What stands before the nodes: clients know its address alone. It hands new connections to the node that
// it was told, and can hold what it carries, as a network does whose other end went away unseen.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Balancer {
  static async before(node) {
    const balancer = new Balancer();
    balancer.links = new Set();
    balancer.node = node;
    balancer.server = createServer((client) => balancer.carry(client));
    balancer.server.listen(0, '127.0.0.1');
    await once(balancer.server, 'listening');
    balancer.url = `http://127.0.0.1:${balancer.server.address().port}`;
    return balancer;
  }

  carry(client) {
    const link = { client, server: connect(this.node.port, '127.0.0.1') };
    this.links.add(link);
    for (const [from, to] of [[client, link.server], [link.server, client]]) {
      from.setNoDelay(true);
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => { this.links.delete(link); if (!link.held) to.destroy(); });
    }
  }

  // New connections go here from now on.
  to(node) { this.node = node; return this; }

  // Clients lose their connection, and the node does not see it.
  cutClientsOnly() {
    const held = [...this.links];
    for (const link of held) {
      link.held = true;
      link.client.unpipe(link.server);
      link.server.unpipe(link.client);
      link.server.resume();  // what comes is lost
      link.client.destroy();
    }
    return { release: () => held.forEach(({ server }) => server.destroy()), open: () => held.filter(({ server }) => !server.destroyed).length };
  }

  // What nodes say does not reach clients until it flows again.
  jam() { for (const { server } of this.links) server.pause(); }
  flow() { for (const { server } of this.links) server.resume(); }

  async close() {
    for (const { client, server } of this.links) { client.destroy(); server.destroy(); }
    this.server.close();
    await once(this.server, 'close');
  }
}
