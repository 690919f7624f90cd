// The list of jobs, as plain functions of what the API told: which fit, in which order, and how each stands.
import { lookOf, standingOf } from '../../lib/outcomes';
import type { Job } from '../../made/api';

export type JobStanding = 'fails' | 'runs' | 'paused' | 'off' | 'on';
export const words: Record<JobStanding, string> = { fails: 'failing', runs: 'running', paused: 'paused', off: 'switched off', on: 'on' };

// The one that somebody has to know first.
export function standingOfJob(job: Pick<Job, 'enabled' | 'paused' | 'failures_in_a_row' | 'running'>): JobStanding {
  if (!job.enabled) return 'off';
  if (job.paused) return 'paused';
  if (job.failures_in_a_row > 0) return 'fails';
  return job.running ? 'runs' : 'on';
}

const took = ({ last }: Job) => (last?.started_at && last.ended_at ? Date.parse(last.ended_at) - Date.parse(last.started_at) : -1);
const ranks: JobStanding[] = ['fails', 'paused', 'off', 'runs', 'on'];
const far = Number.MAX_SAFE_INTEGER;

const keysOf: Record<string, (job: Job) => string | number> = {
  job: (job) => job.job,
  schedule: (job) => job.schedule.description,
  next: (job) => (job.next && job.enabled ? Date.parse(job.next) : far),
  last: (job) => (job.last ? -lookOf(standingOf(job.last)).bad * 1e14 - Date.parse(job.last.ended_at ?? job.last.scheduled_for) : far),
  took: (job) => -took(job),
  state: (job) => ranks.indexOf(standingOfJob(job)),
};
export const orders = Object.keys(keysOf);

// "next", or "-next" for the other way round.
export function sorted(jobs: Job[], order: string): Job[] {
  const down = order.startsWith('-') ? -1 : 1, key = keysOf[order.replace(/^-/, '')] ?? keysOf.job as (job: Job) => string;
  return [...jobs].sort((a, b) => {
    const x = key(a), y = key(b), which = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en', { numeric: true });
    return which * down || a.job.localeCompare(b.job);
  });
}

// Every word has to stand somewhere in what the list says of it; what is named, as in state:failing, there.
export function wanted(job: Job, typed: string): boolean {
  const { schedule } = job;
  const parts: Record<string, string> = {
    job: job.job, schedule: `${schedule.description} ${schedule.expression}`, zone: schedule.zone, queue: job.queue || 'default', tag: job.tags.join(' '),
    state: words[standingOfJob(job)], end: job.last ? `${job.last.ended ?? ''} ${lookOf(standingOf(job.last)).word}` : '',
  };
  const all = Object.values(parts).join(' ').toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => {
    const [, name = '', value = ''] = /^(\w+):(.*)$/.exec(word) ?? [], part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return part === undefined ? all.includes(word) : part.toLowerCase().includes(value.replaceAll('"', ''));
  });
}

export function counts(jobs: Job[]): Record<JobStanding, number> {
  const out = { fails: 0, runs: 0, paused: 0, off: 0, on: 0 };
  for (const job of jobs) ++out[standingOfJob(job)];
  return out;
}

// The backfills that slots are of, each once: their keys name them. What is worked anew one by one has another kind of key.
export function backfillsOf(slots: { key: string }[], named: string): string[] {
  return [...new Set([...(named ? [named] : []), ...slots.map((one) => one.key).filter((key) => key.includes('~'))])];
}
