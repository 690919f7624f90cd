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
  expect(ledTo(approval(), { id: '3', execution: 'x' }).href).toBe('/executions/x');
  expect(ledTo(approval(), null).href).toBe('/jobs/og-daily-bonus');
});
