import { describe, expect, it } from 'vitest';
import type { Node } from '../../made/api';
import { delays, kept, lines, rules, skew, standing } from './nodes';

const node: Node = {
  id: '1', name: 'a', host: 'h', state: 'works', version: '1', zone_data: '2026a', started_at: '2026-11-26T10:00:00Z',
  seen_at: '2026-11-26T11:59:58Z', stopped_at: null, clock_ahead_ms: 3, running: 0, draining: null,
};

describe('nodes', () => {
  it('are told by the worst that is so of them', () => {
    expect(standing(node).word).toBe('works');
    expect(standing({ ...node, clock_ahead_ms: -2000 }).word).toBe('clock is off');
    expect(standing({ ...node, draining: { by: 'asha', reason: 'a new kernel', since: node.seen_at } }).word).toBe('drains');
    expect(standing({ ...node, state: 'lost' }).tone).toBe('bad');
    expect(standing({ ...node, state: 'stopped' }).tone).toBe('quiet');
  });
  it('have clocks that are ahead, behind, or right', () => {
    expect(skew(0)).toBe('right to 1 ms');
    expect(skew(2000)).toBe('2 s ahead');
    expect(skew(-1500)).toBe('1.5 s behind');
  });
});

describe('queues', () => {
  const of = rules([
    { key: 'queues.default.weight', value: '3', origin: 'default' }, { key: 'queues.money.reserved', value: '1', origin: 'default' },
    { key: 'scheduler.workers', value: '4', origin: 'default' },
  ]);
  it('are read from the settings', () => {
    expect([...of.keys()]).toEqual(['default', 'money']);
    expect(of.get('default')).toEqual({ limit: 0, weight: 3, reserved: 0 });
  });
  it('keep what is due waiting for whole seconds, if at all', () => {
    const now = Date.parse('2026-11-26T12:00:00.900Z');
    expect([null, undefined, '2026-11-26T11:59:58.000Z', '2026-11-26T12:00:01.000Z'].map((oldest) => kept(oldest, now))).toEqual([0, 0, 2000, 0]);
  });
  it('are shown where they have a rule or slots', () => {
    const load = { queue: 'old', running: 0, due: 1, waiting: 0, unknown: 0, oldest_due: null };
    expect(lines([load], of).map((one) => one.queue)).toEqual(['default', 'money', 'old']);
    expect(lines([load], of)[2]).toEqual({ queue: 'old', load, rule: undefined });
  });
  it('keep slots waiting for so long', () => {
    const hours = [{ from: '', slots: 2, p50_ms: 0, p95_ms: 90_000 }, { from: '', slots: 0, p50_ms: null, p95_ms: null }, { from: '', slots: 9, p50_ms: 0, p95_ms: 40 }];
    expect(delays([{ queue: 'money', hours }], 'money')).toEqual({ p50: '1 ms', p95: '40 ms', day: [90_000, 0, 40], label: 'p95 by the hour of the last day, 1 min 30 s at most' });
    expect(delays(undefined, 'money')).toMatchObject({ p50: '–', p95: '–', day: [] });
  });
});
