import { expect, test } from 'vitest';
import type { Approval, Me } from '../../made/api';
import { factsOf, ledTo, mayApprove, mayRefuse, titleOf, verdict } from './approvals';

const approval = (more: Partial<Approval> = {}): Approval => ({
  id: '7', what: 'run', job: 'og-daily-bonus', plan: { operation: 'runJob', said: { job: 'og-daily-bonus', reason: 'the night was missed', at: '2026-11-25T18:30:00.000Z' }, if_match: '' },
  plan_hash: 'a'.repeat(64), requested_by: 'Asha', reason: 'the night was missed', requested_at: '2026-11-25T19:00:00.000Z', expires_at: '2026-11-26T19:00:00.000Z', state: 'open',
  decided_by: '', decision_reason: '', decided_at: null, ...more,
});
const me = (name: string, rights: string[], jobs: string[] = []): Me => ({ name, from: 'here', role: 'operator', rights, jobs, token: '1' });

test('what is asked is said in words, and to the letter', () => {
  expect(titleOf(approval())).toBe('Run og-daily-bonus');
  expect(titleOf(approval({ plan: { operation: 'somethingNew' }, what: 'new.thing' }))).toBe('new.thing og-daily-bonus');
  expect(factsOf(approval())).toEqual([{ name: 'For the instant', value: '2026-11-25T18:30:00.000Z', at: '2026-11-25T18:30:00.000Z' }]);
  expect(factsOf(approval({ plan: { operation: 'setPriority', said: { priority: 9, spacing_ms: 60_000, profile: true, unheard_of: ['x'] }, if_match: '"3"' } }))).toEqual([
    { name: 'Priority', value: '9' }, { name: 'Apart', value: '1 min 0 s' }, { name: 'Profiled', value: 'yes' }, { name: 'unheard of', value: '["x"]' }, { name: 'Only of version', value: '"3"' }]);
});

test('who asked cannot say yes, whatever the case of the letters, but may withdraw it', () => {
  expect(mayApprove(approval(), me('ASHA', ['look', 'approve'])).why).toMatch(/second person/);
  expect(mayRefuse(approval(), me('asha', ['look']))).toEqual({ own: true, may: true, why: '' });
});

test('another needs the right, for that job', () => {
  expect(mayApprove(approval(), me('bela', ['look', 'approve'])).may).toBe(true);
  expect(mayApprove(approval(), me('bela', ['look'])).may).toBe(false);
  expect(mayRefuse(approval(), me('bela', ['look'])).may).toBe(false);
  expect(mayRefuse(approval(), me('bela', ['look', 'approve'], ['trust-*'])).why).toMatch(/not for og-daily-bonus/);
});

test('the heading counts, and what was done is led to', () => {
  expect([verdict(0), verdict(1), verdict(2)]).toEqual(['Nothing waits for a second person', '1 thing waits for a second person', '2 things wait for a second person']);
  expect(ledTo(approval(), { id: '3', execution: '' }).href).toBe('/slots/3');
  expect(ledTo(approval()).href).toBe('/history?job=og-daily-bonus&trigger=manual&requested_by=Asha&since=2026-11-25T18%3A30%3A00.000Z&until=2026-11-25T18%3A30%3A00.001Z');
  const now = approval({ plan: { operation: 'runJob', said: { job: 'og-daily-bonus' } }, decided_at: '2026-11-25T20:00:00Z' });
  expect(ledTo(now).href).toBe('/history?job=og-daily-bonus&trigger=manual&requested_by=Asha&since=2026-11-25T20%3A00%3A00Z');
  const backfill = approval({ plan: { operation: 'startBackfill', said: { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' } } });
  expect(ledTo(backfill).href).toContain('trigger=backfill&requested_by=Asha&since=2026-11-20T00%3A00%3A00Z&until=2026-11-21T00%3A00%3A00.001Z');
  expect(ledTo(backfill, { key: 'og~1~2~3', stands: {} }).href).toBe('/jobs/og-daily-bonus?backfill=og%7E1%7E2%7E3');
  expect(ledTo(approval({ plan: { operation: 'setPriority' } })).href).toBe('/jobs/og-daily-bonus?tab=changes');
});
