import { describe, expect, it } from 'vitest';
import { narrowed, sections, sourceOf } from './settings';

const some = [
  { key: 'node', value: '"a"', origin: 'HOTCLOCK_NODE' }, { key: 'log.level', value: '"info"', origin: 'default' },
  { key: 'queues.money.weight', value: '1', origin: 'hotclock.toml:70:10' }, { key: 'jobs.pay.settings.hours', value: '3', origin: 'live change 12 by asha' },
];
const all = { words: '', changed: false, source: '' };

describe('settings', () => {
  it('say where they come from', () => {
    expect(some.map((one) => sourceOf(one.origin))).toEqual(['environment', 'default', 'file', 'live']);
    expect(sourceOf('--database')).toBe('command line');
  });
  it('are narrowed down by words, source, and whether they are as shipped', () => {
    expect(narrowed(some, all)).toHaveLength(4);
    expect(narrowed(some, { ...all, changed: true }).map((one) => one.key)).not.toContain('log.level');
    expect(narrowed(some, { ...all, source: 'live' })).toHaveLength(1);
    expect(narrowed(some, { ...all, words: 'WEIGHT money' })).toHaveLength(1);
  });
  it('stand in the sections of their file', () => {
    expect(sections(some).map((one) => one.name)).toEqual(['general', 'log', 'queues.money', 'jobs.pay']);
    expect(sections(some)[3]?.settings[0]?.name).toBe('settings.hours');
  });
});
