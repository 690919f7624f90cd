// Who is connected, narrowed down as far as the API does not do it.
import type { Client } from '../../made/api';

export const nodesOf = (clients: Client[]) => [...new Set(clients.map((one) => one.node))].sort();
export const onNode = (clients: Client[], node: string) => (node ? clients.filter((one) => one.node === node) : clients);

// Whom an order concerns, in words.
export interface Whom { socket?: string; user?: string; room?: string }
export function inWords({ socket, user, room }: Whom): string {
  const some = [user && `of ${user}`, room && `in ${room}`].filter(Boolean).join(' and ');
  return socket ? 'this connection' : some ? `every connection ${some}` : 'nobody';
}
export const somebody = (whom: Whom) => Boolean(whom.socket || whom.user || whom.room);
