import { describe, expect, it } from 'vitest';
import { inWords, nodesOf, onNode, somebody } from './clients';

const client = (node: string) => ({ socket: node, user: 'user:1', rooms: [], address: '', node, since: '', away_since: null });

describe('clients', () => {
  it('are narrowed down to a node', () => {
    const some = [client('b'), client('a'), client('b')];
    expect(nodesOf(some)).toEqual(['a', 'b']);
    expect(onNode(some, 'b')).toHaveLength(2);
    expect(onNode(some, '')).toHaveLength(3);
  });
  it('are named before they are put out', () => {
    expect(inWords({ user: 'user:17', room: 'stream:3' })).toBe('every connection of user:17 and in stream:3');
    expect(inWords({ socket: 'x' })).toBe('this connection');
    expect(somebody({})).toBe(false);
  });
});
