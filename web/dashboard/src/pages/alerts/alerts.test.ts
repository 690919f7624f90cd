import { describe, expect, test } from 'vitest';
import type { Alert, AlertRule } from '../../made/api';
import { limitsOf } from '../../lib/alerts';
import { byRule, fits, inOrder, inPlace, isLink, matches, matchersFor, saidOf, verdict, ways } from './alerts';
import { blocksOf } from './runbook';

const alert = (more: Partial<Alert> = {}): Alert => ({
  id: '1', rule: 'failed', severity: 'warning', state: 'firing', labels: { job: 'trust-score' }, annotations: {},
  began_at: '2026-11-25T10:00:00.000Z', fired_at: '2026-11-25T10:00:00.000Z', resolved_at: null, held_back: '', ...more,
});
const ids = (all: Alert[]) => all.map((one) => one.id);

describe('alerts', () => {
  test('the worst come first, what nobody is told of last', () => {
    const all = [alert({ id: 'quiet', severity: 'critical', held_back: 'silence 1' }), alert({ id: 'old' }), alert({ id: 'new', fired_at: '2026-11-25T11:00:00.000Z' }), alert({ id: 'worst', severity: 'critical' })];
    expect(ids(inOrder(all))).toEqual(['worst', 'new', 'old', 'quiet']);
  });
  test('under the finger nothing moves: what is over stays where it was, and says so', () => {
    const shown = [alert({ id: '1' }), alert({ id: '2' })];
    expect(inPlace(shown, [alert({ id: '3' }), alert({ id: '2', held_back: 'now' })]).map((one) => [one.id, one.state, one.held_back])).toEqual([['1', 'resolved', ''], ['2', 'firing', 'now']]);
  });
  test('are narrowed by state, rule, severity and job', () => {
    const none = { state: '', rule: '', severity: '', job: '' };
    expect(fits(alert(), none)).toBe(true);
    expect(fits(alert(), { ...none, job: 'trust-score', rule: 'failed', severity: 'warning', state: 'firing' })).toBe(true);
    expect([{ job: 'x' }, { rule: 'late' }, { severity: 'info' }, { state: 'pending' }].some((one) => fits(alert(), { ...none, ...one }))).toBe(false);
  });
  test('the heading counts what somebody is told of', () => {
    expect(verdict([])).toEqual({ tone: 'good', text: 'No alert fires' });
    expect(verdict([alert({ held_back: 'silence' })]).text).toBe('Nothing fires that anybody is told of');
    expect(verdict([alert(), alert({ severity: 'critical' }), alert({ state: 'pending' })])).toEqual({ tone: 'bad', text: '2 alerts fire' });
  });
  test('lead to what they are about', () => {
    expect(ways(alert({ annotations: { execution: 'a/1' }, labels: { job: 'a b', node: 'n' } })).map((one) => one.href)).toEqual(['/jobs/a%20b', '/history?job=a+b', '/executions/a%2F1', '/nodes']);
    expect([isLink('https://x/y'), isLink('hotclock alerts explain late'), isLink('javascript:alert(1)')]).toEqual([true, false, false]);
  });
});

describe('silences', () => {
  test('begin from the labels of an alert, and match it', () => {
    const said = saidOf(matchersFor(alert()));
    expect(said).toEqual(['rule=failed', 'job=trust-score']);
    expect(matches(said, alert())).toBe(true);
  });
  test('match by all of their labels, and by beginnings', () => {
    expect(matches(['job=trust-*', 'severity=warning'], alert())).toBe(true);
    expect(matches(['job=trust-*', 'severity=info'], alert())).toBe(false);
    expect(matches(['job=trust'], alert())).toBe(false);
    expect(matches([], alert())).toBe(false);
  });
});

describe('rules', () => {
  const rule = (more: Partial<AlertRule>): AlertRule => ({ rule: 'late', job: '', looks_for: 'a due slot is not worked', enabled: true, severity: 'warning', for_ms: 0, resolve_after_ms: 0, thresholds: {}, says: '', runbook: '', last: null, ...more });
  test('stand with those of jobs that differ', () => {
    const all = [rule({}), rule({ rule: 'failed', looks_for: 'a slot failed' }), rule({ job: 'og-daily-bonus' })];
    expect(byRule(all, '').map((one) => [one.rule, one.jobs.length])).toEqual([['late', 1], ['failed', 0]]);
    expect(byRule(all, 'OG-').map((one) => one.rule)).toEqual(['late']);
  });
  test('say from where on it is too much, and for how long', () => {
    expect(limitsOf(rule({ says: '5 of the last 20 failed, or 3 in a row', for_ms: 60_000, resolve_after_ms: 300_000 })))
      .toBe('5 of the last 20 failed, or 3 in a row; fires after 1 min; over after 5 min');
    expect(limitsOf(rule({}))).toBe('');
  });
});

describe('the runbook', () => {
  test('is read as blocks', () => {
    expect(blocksOf('# late\n\n## First\n\nSome `code`\nhere.\n\n    a 1\n\n    b\n\n- one\n  more\n- two\n')).toEqual([
      { kind: 'heading', text: 'First' },
      { kind: 'text', pieces: [{ code: false, text: 'Some ' }, { code: true, text: 'code' }, { code: false, text: ' here.' }] },
      { kind: 'commands', text: 'a 1\n\nb' },
      { kind: 'list', items: [[{ code: false, text: 'one more' }], [{ code: false, text: 'two' }]] },
    ]);
  });
});
