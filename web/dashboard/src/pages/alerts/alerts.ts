// What pages about alerts reckon, as plain functions of what the API told.
import type { Alert, AlertRule, AlertTest, Severity, Silence } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { link } from '../../lib/route';

export const tabs = [
  { href: '/alerts', title: 'Alerts' }, { href: '/alerts/silences', title: 'Silences' }, { href: '/alerts/rules', title: 'Rules and notifiers' },
];

export interface Look { word: string; shape: string; tone: Tone }

export const severities: Severity[] = ['critical', 'warning', 'info'];
const looks: Record<Severity, Look> = {
  critical: { word: 'critical', shape: 'cross', tone: 'bad' },
  warning: { word: 'warning', shape: 'warning', tone: 'warn' },
  info: { word: 'info', shape: 'ring', tone: 'busy' },
};
// How bad it is, or that it is over: what is over is no colour's matter any more.
export const lookOf = (alert: Pick<Alert, 'severity' | 'state'>): Look => (alert.state === 'resolved' ? { ...looks[alert.severity], tone: 'quiet' } : looks[alert.severity]);

export interface Filter { state: string; rule: string; severity: string; job: string }

export function fits(alert: Alert, { state, rule, severity, job }: Filter): boolean {
  return (!state || alert.state === state) && (!rule || alert.rule === rule) && (!severity || alert.severity === severity) && (!job || alert.labels.job === job);
}

export const since = (alert: Alert): string => alert.fired_at ?? alert.began_at;

// Those that somebody is told of before those that are held back, the worst first, then the newest.
export function inOrder(alerts: Alert[]): Alert[] {
  return [...alerts].sort((a, b) => Number(Boolean(a.held_back)) - Number(Boolean(b.held_back))
    || severities.indexOf(a.severity) - severities.indexOf(b.severity) || since(b).localeCompare(since(a)));
}

// What is shown while somebody points at the list: the same ones in the same places, as they are now. One that is not
// among those that stand is over.
export function inPlace(shown: Alert[], now: Alert[]): Alert[] {
  const found = new Map(now.map((one) => [one.id, one]));
  return shown.map((one) => found.get(one.id) ?? { ...one, state: 'resolved' });
}

export function verdict(alerts: Alert[]): { tone: Tone; text: string } {
  const firing = alerts.filter((one) => one.state === 'firing' && !one.held_back);
  const quiet = alerts.filter((one) => one.state === 'firing').length - firing.length;
  if (!firing.length) return { tone: 'good', text: quiet ? 'Nothing fires that anybody is told of' : 'No alert fires' };
  const critical = firing.some((one) => one.severity === 'critical');
  return { tone: critical ? 'bad' : firing.some((one) => one.severity === 'warning') ? 'warn' : 'busy', text: `${firing.length} ${firing.length === 1 ? 'alert fires' : 'alerts fire'}` };
}

// ---------------------------------------------------------------- where it leads

export interface Way { text: string; href: string }

export function ways(alert: Alert): Way[] {
  const { job, node } = alert.labels, { execution } = alert.annotations;
  return [
    ...(job ? [{ text: `Job ${job}`, href: link('/jobs/:job', { job }) }, { text: 'Its history', href: link('/history', {}, { job }) }] : []),
    ...(execution ? [{ text: 'The execution', href: link('/executions/:id', { id: execution }) }] : []),
    ...(node ? [{ text: `Node ${node}`, href: '/nodes' }] : []),
  ];
}

export const isLink = (runbook: string) => /^https?:\/\//.test(runbook);

// ---------------------------------------------------------------- silences

export interface Matcher { label: string; value: string; on: boolean }

// All of its labels, and its rule. Its severity alone would hold back too much, and adds nothing to its rule.
export function matchersFor(alert: Alert): Matcher[] {
  return [{ label: 'rule', value: alert.rule, on: true }, ...Object.entries(alert.labels).map(([label, value]) => ({ label, value, on: true })), { label: 'severity', value: alert.severity, on: false }];
}
export const saidOf = (matchers: Matcher[]): string[] => matchers.filter((one) => one.on && one.label.trim()).map((one) => `${one.label.trim()}=${one.value.trim()}`);
export const wordsOf = (matchers: Record<string, string>): string[] => Object.entries(matchers).map(([label, value]) => `${label}=${value}`);

// As docs/alerts.md says: all of them, `*` behind the beginning of a value; rule and severity are labels, too.
export function matches(said: string[], alert: Alert): boolean {
  const labels: Record<string, string> = { ...alert.labels, rule: alert.rule, severity: alert.severity };
  return said.length > 0 && said.every((one) => {
    const at = one.indexOf('='), value = one.slice(at + 1), is = labels[one.slice(0, at)] ?? '';
    return value.endsWith('*') ? is.startsWith(value.slice(0, -1)) : is === value;
  });
}

const silenceLooks: Record<Silence['state'], Look> = {
  in_force: { word: 'in force', shape: 'pause', tone: 'busy' }, coming: { word: 'coming', shape: 'ring', tone: 'quiet' }, over: { word: 'over', shape: 'tick', tone: 'quiet' },
};
export const silenceLook = (silence: Silence): Look => silenceLooks[silence.state];

// ---------------------------------------------------------------- rules and notifiers

export interface Ruled { rule: string; general: AlertRule; jobs: AlertRule[] }

export function byRule(rules: AlertRule[], words: string): Ruled[] {
  const said = words.trim().toLowerCase();
  const all = rules.filter((one) => !one.job).map((general) => ({ rule: general.rule, general, jobs: rules.filter((one) => one.job && one.rule === general.rule) }));
  return all.filter(({ rule, general, jobs }) => !said || [rule, general.looks_for, general.severity, ...jobs.map((one) => one.job)].some((one) => one.toLowerCase().includes(said)));
}

const testLooks: Record<AlertTest['outcome'], Look> = {
  sent: { word: 'sent', shape: 'tick', tone: 'good' }, away: { word: 'away', shape: 'question', tone: 'bad' }, refused: { word: 'refused', shape: 'bar', tone: 'bad' },
};
export const testLook = (test: AlertTest): Look => testLooks[test.outcome];
