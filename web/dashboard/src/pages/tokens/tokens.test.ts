import { expect, test } from 'vitest';
import type { Me, Token } from '../../made/api';
import { draft, fits, inOrder, isWhole, orderOf, rightsFor, rolesFor, standingOf, type Roles } from './tokens';

const now = Date.parse('2026-11-26T12:00:00Z');
const token = (more: Partial<Token> = {}): Token => ({
  role: 'operator', rights: ['look', 'run'], jobs: [], id: '1', key_id: '7f3k9q2m', name: 'asha', networks: [], created_at: '2026-11-01T00:00:00.000Z', created_by: 'root',
  expires_at: null, revoked_at: null, revoked_by: '', last_used_at: null, last_used_from: '', ...more,
});
const me = (role: Me['role'], rights: string[]): Me => ({ name: 'asha', from: 'here', role, rights, jobs: [], token: '1' });

test('how a token stands', () => {
  expect(standingOf(token(), now)).toBe('good');
  expect(standingOf(token({ expires_at: '2026-11-28T00:00:00.000Z' }), now)).toBe('ends soon');
  expect(standingOf(token({ expires_at: '2026-11-26T11:00:00.000Z' }), now)).toBe('over');
  expect(standingOf(token({ revoked_at: '2026-11-26T11:00:00.000Z' }), now)).toBe('revoked');
});
test('one’s own is first, what is over last', () => {
  const all = [token({ id: 'over', name: 'a', revoked_at: '2026-11-01T00:00:00.000Z' }), token({ id: 'b', name: 'bela' }), token({ id: 'own', name: 'vic' }), token({ id: 'a' })];
  expect(inOrder(all, 'own', now).map((one) => one.id)).toEqual(['own', 'a', 'b', 'over']);
  expect([fits(token(), 'RUN'), fits(token(), 'audit')]).toEqual([true, false]);
});
test('nobody is offered more than he has, nor more than the role holds', () => {
  const roles: Roles = [{ role: 'viewer', rights: ['look'] }, { role: 'operator', rights: ['look', 'run'] }, { role: 'admin', rights: ['look', 'run', 'tokens', 'kill'] }];
  expect(rightsFor('operator', me('admin', ['look', 'run', 'tokens', 'kill']), roles)).toEqual(['look', 'run']);
  expect(rightsFor('admin', me('admin', ['look', 'tokens']), roles)).toEqual(['look', 'tokens']);
  expect(rightsFor('viewer', me('admin', ['look', 'run']), roles)).toEqual(['look']);
  expect(rolesFor(me('operator', []), roles)).toEqual(['viewer', 'operator']);
  expect([rolesFor(me('admin', []), []), rightsFor('viewer', me('admin', ['look']), [])]).toEqual([[], []]);
});
test('an order says only what is narrowed', () => {
  expect(orderOf({ ...draft(), name: ' ci ' }, 'why')).toEqual({ name: 'ci', role: 'operator', reason: 'why', lasts_ms: 90 * 86_400_000 });
  expect(orderOf({ ...draft(), name: 'ci', all: false, rights: ['look'], jobs: 'og-*, nap', networks: '10.0.0.0/8\n::1', days: '' }, 'why')).toEqual({
    name: 'ci', role: 'operator', reason: 'why', rights: ['look'], jobs: ['og-*', 'nap'], networks: ['10.0.0.0/8', '::1'] });
  expect([isWhole(draft()), isWhole({ ...draft(), name: 'x' }), isWhole({ ...draft(), name: 'x', all: false })]).toEqual([false, true, false]);
});
