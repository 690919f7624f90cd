// What is asked of a second person, in words, and who may answer.
import type { Approval, Me } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { permit, type Permit } from '../../lib/permissions';
import { link } from '../../lib/route';
import { millis, span } from '../../lib/time';

interface Plan { operation?: string; said?: Record<string, unknown>; if_match?: string }
export type Fact = { name: string; value: string; at?: string }; // at: an instant, to be shown as one

export const planOf = (approval: Approval): Plan => approval.plan as Plan;

const titles: Record<string, (job: string) => string> = {
  runJob: (job) => `Run ${job}`,
  startBackfill: (job) => `Backfill ${job}`,
  enableJob: (job) => `Switch ${job} on`,
  setSchedule: (job) => `Give ${job} another schedule`,
  resetSchedule: (job) => `Let the schedule of ${job} go by the files again`,
  setPriority: (job) => `Give ${job} another priority`,
  undoChange: (job) => `Take the last live change of ${job} back`,
};
export function titleOf(approval: Approval): string {
  const words = titles[planOf(approval).operation ?? ''];
  return words ? words(approval.job) : `${approval.what}${approval.job ? ` ${approval.job}` : ''}`;
}

const names: Record<string, string> = { at: 'For the instant', from: 'From', to: 'To', schedule: 'Schedule', zone: 'Zone', priority: 'Priority', plan_hash: 'Of the plan', key: 'Key', profile: 'Profiled', dst: 'As clocks change', spacing_ms: 'Apart' };
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

const said = (name: string, value: unknown) => (typeof value === 'string' ? value : name.endsWith('_ms') && typeof value === 'number' ? span(value) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : JSON.stringify(value));

// All that was said, to the letter, but for what stands elsewhere on the page: the job and the reason.
export function factsOf(approval: Approval): Fact[] {
  const { said: words = {}, if_match: match } = planOf(approval);
  const facts = Object.entries(words).filter(([name]) => name !== 'job' && name !== 'reason').map(([name, value]): Fact => {
    const text = said(name, value);
    return { name: names[name] ?? name.replaceAll('_', ' '), value: text, ...(instant.test(text) ? { at: text } : {}) };
  });
  return [...facts, ...(match ? [{ name: 'Only of version', value: match }] : [])];
}

// ---------------------------------------------------------------- who may

// Two names are two persons, whatever the case of their letters (docs/access.md).
const isOwn = (approval: Approval, me: Me | null | undefined) => me?.name.toLowerCase() === approval.requested_by.toLowerCase();

export function mayApprove(approval: Approval, me: Me | null | undefined): Permit {
  if (isOwn(approval, me)) return { may: false, why: 'You asked for it yourself: a second person must say yes.' };
  return permit(me, 'POST /approvals/{approval}/approve', approval.job || undefined);
}
// Who asked may withdraw it; to refuse it takes the right to approve it.
export function mayRefuse(approval: Approval, me: Me | null | undefined): Permit & { own: boolean } {
  const own = isOwn(approval, me);
  return { own, ...(own ? { may: true, why: '' } : permit(me, 'POST /approvals/{approval}/approve', approval.job || undefined)) };
}

// ---------------------------------------------------------------- how it stands

const looks: Record<Approval['state'], { word: string; shape: string; tone: Tone }> = {
  open: { word: 'waits', shape: 'hourglass', tone: 'busy' },
  approved: { word: 'approved', shape: 'tick', tone: 'good' },
  refused: { word: 'refused', shape: 'cross', tone: 'bad' },
  withdrawn: { word: 'withdrawn', shape: 'square', tone: 'quiet' },
  expired: { word: 'expired', shape: 'ring-gap', tone: 'quiet' },
};
export const lookOf = (approval: Approval) => looks[approval.state];

export const verdict = (open: number) => (open === 0 ? 'Nothing waits for a second person' : `${open} ${open === 1 ? 'thing waits' : 'things wait'} for a second person`);

// Where one sees what came of it.
export function ledTo(approval: Approval, result?: unknown): { text: string; href: string } {
  const { id, key, stands } = (result ?? {}) as { id?: string; key?: string; stands?: unknown };
  const { job, requested_by, decided_at } = approval, { operation = '', said: { at, from = at ?? decided_at, to = at } = {} } = planOf(approval);
  if (stands && key) return { text: 'The backfill', href: link('/jobs/:job', { job }, { backfill: key }) };
  if (id && operation === 'runJob') return { text: 'The slot', href: link('/slots/:id', { id }) };
  // What it came to is kept nowhere beside it: its slots are found by who asked, and for when.
  const trigger = { runJob: 'manual', startBackfill: 'backfill' }[operation];
  if (!trigger) return { text: job, href: link('/jobs/:job', { job }, { tab: 'changes' }) };
  return { text: 'What came of it', href: link('/history', {}, { job, trigger, requested_by, since: String(from), until: to ? new Date(millis(String(to)) + 1).toISOString() : '' }) };
}
