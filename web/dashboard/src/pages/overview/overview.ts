// What the overview says, as plain functions of what the API told.
import type { Alert, AlertList, Overview, OverviewJob, Run } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { millis } from '../../lib/time';

export interface Trouble { id: string; tone: Tone; shape: string; text: string; detail: string; since: string | null; href: string }

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const named = (names: string[]) => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} others` : names.join(', '));

// Of what nobody is told, somebody knows already.
const toneOf = ({ severity, held_back }: Alert): Tone => (held_back ? 'quiet' : severity === 'critical' ? 'bad' : severity === 'warning' ? 'warn' : 'busy');

function ofAlerts(alerts: AlertList | undefined): Trouble[] {
  return (alerts?.items ?? []).filter((one) => one.state === 'firing').map((one) => ({
    id: `alert-${one.id}`, tone: toneOf(one), shape: one.held_back ? 'pause' : one.severity === 'critical' ? 'cross' : 'warning',
    text: one.annotations.summary ?? one.rule, detail: [one.severity, one.annotations.detail, one.held_back].filter(Boolean).join(' · '),
    since: one.fired_at ?? one.began_at, href: `/alerts?id=${one.id}`,
  }));
}

function ofService({ kill_switch: kill, nodes, queues, approvals_open: open }: Overview): Trouble[] {
  const out: Trouble[] = [];
  if (kill.on) out.push({ id: 'kill', tone: 'bad', shape: 'bar', text: 'The kill switch is on: nothing starts', detail: `${kill.by}: ${kill.reason}`, since: kill.since, href: '/config' });
  const lost = nodes.filter((node) => node.state === 'lost');
  if (lost.length) out.push({ id: 'lost', tone: 'bad', shape: 'question', text: `${plural(lost.length, 'node')} not heard of: ${named(lost.map((one) => one.name))}`, detail: '', since: lost.map((one) => one.seen_at).sort()[0] ?? null, href: '/nodes' });
  const work = nodes.filter((node) => node.state === 'works');
  if (work.length && work.every((node) => node.draining)) out.push({ id: 'drain', tone: 'bad', shape: 'pause', text: 'Every node drains: nothing new starts', detail: `${work[0]?.draining?.by}: ${work[0]?.draining?.reason}`, since: work.map((node) => node.draining?.since ?? '').sort().at(-1) ?? null, href: '/nodes' });
  if (!work.length) out.push({ id: 'none', tone: 'bad', shape: 'cross', text: 'No node works', detail: 'Slots are written down and wait until one does.', since: null, href: '/nodes' });
  const unknown = queues.reduce((sum, one) => sum + one.unknown, 0);
  if (unknown) out.push({ id: 'unknown', tone: 'bad', shape: 'question', text: `${plural(unknown, 'slot')} whose outcome nobody knows`, detail: 'A person has to decide.', since: null, href: '/history?state=unknown' });
  if (open) out.push({ id: 'approvals', tone: 'busy', shape: 'approvals', text: `${plural(open, 'approval')} ${open === 1 ? 'waits' : 'wait'} for a second person`, detail: '', since: null, href: '/approvals' });
  return out;
}

function ofJobs({ jobs }: Overview, told: Set<string>): Trouble[] {
  return jobs.items.flatMap((job): Trouble[] => {
    const href = `/jobs/${encodeURIComponent(job.job)}`;
    if (job.failures_in_a_row > 0 && !told.has(job.job)) return [{ id: `job-${job.job}`, tone: 'bad', shape: 'cross', text: `${job.job} failed${job.failures_in_a_row > 1 ? ` ${job.failures_in_a_row} times in a row` : ''}`, detail: job.last?.reason ?? '', since: job.last?.ended_at ?? null, href }];
    if (job.paused) return [{ id: `job-${job.job}`, tone: 'quiet', shape: 'pause', text: `${job.job} is paused`, detail: `${job.paused.by}: ${job.paused.reason}`, since: null, href }];
    return [];
  });
}

const badness: Record<Tone, number> = { bad: 0, warn: 1, busy: 2, quiet: 3, good: 4 };

// The worst first. What an alert says of a job is not said a second time.
export function troubles(overview: Overview, alerts: AlertList | undefined): Trouble[] {
  const told = new Set((alerts?.items ?? []).filter((one) => one.state === 'firing').map((one) => one.labels.job ?? ''));
  return [...ofAlerts(alerts), ...ofService(overview), ...ofJobs(overview, told)].sort((a, b) => badness[a.tone] - badness[b.tone]);
}

export function verdict(all: Trouble[]): { tone: Tone; text: string } {
  const bad = all.filter((one) => one.tone === 'bad').length, warn = all.filter((one) => one.tone === 'warn').length;
  if (bad) return { tone: 'bad', text: `${plural(bad, 'thing')} ${bad === 1 ? 'needs' : 'need'} somebody now` };
  if (warn) return { tone: 'warn', text: `${plural(warn, 'warning')}, nothing that stands still` };
  return { tone: 'good', text: 'Nothing is wrong' };
}

export interface Coming { job: OverviewJob; run: Run; at: number }

// The next of each job, the soonest first.
export function coming(jobs: OverviewJob[], most: number, now: number): Coming[] {
  return jobs.filter((job) => !job.paused).flatMap((job) => {
    const run = job.coming.find((one) => !one.lost && millis(one.at) > now - 2000);
    return run ? [{ job, run, at: millis(run.at) }] : [];
  }).sort((a, b) => a.at - b.at || a.job.job.localeCompare(b.job.job)).slice(0, most);
}

// Names in the order in which they were first seen, so that no row moves as jobs fare otherwise.
export function settled(before: string[], names: string[]): string[] {
  const here = new Set(names), kept = before.filter((name) => here.has(name)), known = new Set(kept);
  return [...kept, ...names.filter((name) => !known.has(name))];
}
