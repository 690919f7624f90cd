// What an execution's page says, as plain functions of what the API told.
import { lookOf, standingOf } from '../../lib/outcomes';
import { span } from '../../lib/time';
import type { Execution, Log, Profile, Slot } from '../../made/api';

const at = (text: string | null) => (text ? Date.parse(text) : NaN);

export interface Bar { id: string; label: string; from: number; to: number; standing: string; title: string; href?: string }
export interface Line { from: number; to: number; due: number; bars: Bar[]; left: number }

// What of it lies where in time: waiting, each attempt, the partitions; up to `now` where it is not over.
export function timeLine({ slot, attempts, partitions }: Execution, now: number, most = 40): Line {
  const bars: Bar[] = attempts.map((one) => ({
    id: one.execution, label: `attempt ${one.attempt}`, from: at(one.started_at), to: at(one.ended_at), standing: one.outcome,
    title: `Attempt ${one.attempt} on ${one.node}: ${lookOf(one.outcome).word}, ${span(at(one.ended_at) - at(one.started_at))}`, href: `/executions/${one.execution}`,
  }));
  if ((slot.state === 'running' || slot.state === 'unknown') && slot.started_at && !bars.some((one) => one.id === slot.execution))
    bars.push({ id: slot.execution, label: `attempt ${slot.attempt}`, from: at(slot.started_at), to: now, standing: slot.state, title: `Attempt ${slot.attempt} on ${slot.node}: ${slot.state}` });
  for (const part of partitions.slice(0, most)) {
    const standing = standingOf(part), begun = part.started_at ? at(part.started_at) : NaN;
    bars.push({ id: part.id, label: `part ${part.partition}`, from: begun, to: part.ended_at ? at(part.ended_at) : part.started_at ? now : NaN, standing, title: `Part ${part.partition}: ${lookOf(standing).word}${part.ended_at && part.started_at ? `, ${span(at(part.ended_at) - begun)}` : ''}`, href: `/slots/${part.id}` });
  }
  const times = bars.flatMap((one) => [one.from, one.to]).filter((one) => !Number.isNaN(one));
  const due = at(slot.scheduled_for), entered = at(slot.entered_at);
  const first = Math.min(...times, entered), last = Math.max(...times, slot.ended_at ? at(slot.ended_at) : slot.state === 'ended' ? entered : now);
  // An instant of long ago, or of later, would leave no room for what was done.
  const near = Math.max(1000, last - first);
  const from = due < first && first - due < near * 3 ? due : first;
  return { from, to: Math.max(last, from + 1), due, bars, left: Math.max(0, partitions.length - most) };
}

export interface Pace { took: number; rows: number; rate: number | null; eta: string }

// How quickly it goes, and until when; of what runs the server's own count of what is done.
export function pace(slot: Slot, usual: number | null, now: number): Pace {
  const begun = at(slot.started_at), took = Math.max(0, (slot.ended_at ? at(slot.ended_at) : now) - begun), { done, total } = slot.progress;
  const rate = done > 0 && took > 0 ? done / (took / 1000) : null;
  if (slot.state !== 'running' || Number.isNaN(begun)) return { took: Number.isNaN(begun) ? 0 : took, rows: done, rate, eta: '' };
  const whole = (ms: number) => span(Math.max(1000, Math.round(ms / 1000) * 1000));
  if (slot.cancel_requested_by) return { took, rows: done, rate, eta: `asked to stop by ${slot.cancel_requested_by}` };
  if (done > 0 && total > done) return { took, rows: done, rate, eta: `done in about ${whole((took / done) * (total - done))}` };
  if (usual === null) return { took, rows: done, rate, eta: 'no telling how long' };
  return { took, rows: done, rate, eta: usual > took ? `done in about ${whole(usual - took)}, if it takes what it usually does` : `longer than its usual ${span(usual)}` };
}

// What somebody may do about how it stands; the runbook's rule that tells more.
export function advice(slot: Slot): { text: string; rule: string } | null {
  switch (standingOf(slot)) {
    case 'failed': return { text: 'Look at the error and at what the attempts said; mend it, then work the slot anew.', rule: 'failed' };
    case 'timed_out': return { text: 'It took longer than it may. Look whether it is slower than it was, then work it anew or give it more time.', rule: 'too_long' };
    case 'completed_with_errors': return { text: 'It is done but for the records below. Mend these, then work the slot anew: what is done is not done twice.', rule: 'completed_with_errors' };
    case 'missed': return { text: 'It was due while nobody worked, and its rule does not make up for that. A backfill brings it.', rule: 'missed' };
    case 'unknown': return { text: 'Its worker vanished, and nobody knows how far it came. Look at what it did, then decide.', rule: 'unknown_outcome' };
    case 'refused': return { text: 'It was held back on purpose. Where that is over, work it anew.', rule: 'refused_often' };
    default: return null;
  }
}

export const triggers: Record<string, string> = { schedule: 'its schedule', catch_up: 'catching up', early: 'being brought forward', manual: 'a person', backfill: 'a backfill' };
export const triggeredBy = (slot: Slot) => (slot.requested_by ? `${slot.requested_by}${slot.trigger === 'backfill' ? ', by a backfill' : ', by hand'}` : triggers[slot.trigger] ?? slot.trigger);

// A log that grows: what was known of it, with what was told behind that; all anew where the two do not meet.
export function goesOn(known: Log | null, told: Log | null): Log | null {
  if (!known || !told || told.from !== known.length) return told;
  return { ...told, from: known.from, text: known.text + told.text };
}

export interface Piece { text: string; hit: boolean }
export function pieces(line: string, word: string): Piece[] {
  if (!word) return [{ text: line, hit: false }];
  const out: Piece[] = [], low = line.toLowerCase(), wanted = word.toLowerCase();
  let from = 0;
  for (let here = low.indexOf(wanted); here >= 0; here = low.indexOf(wanted, from)) {
    if (here > from) out.push({ text: line.slice(from, here), hit: false });
    out.push({ text: line.slice(here, here + word.length), hit: true });
    from = here + word.length;
  }
  if (from < line.length || !out.length) out.push({ text: line.slice(from), hit: false });
  return out;
}

export interface Phase { name: string; us: number }

// Where the time of an attempt went, the longest first; nothing that took none.
export function phases({ waiting_us, claim_us, reading_us, elsewhere_us, ending_us, phases: of }: Profile): Phase[] {
  return [
    { name: 'waiting to be claimed', us: waiting_us }, { name: 'being claimed', us: claim_us }, { name: 'reading', us: reading_us }, { name: 'outside transactions', us: elsewhere_us },
    { name: 'waiting for a connection', us: of.turn_us }, { name: 'statements', us: of.statements_us }, { name: 'events', us: of.events_us }, { name: 'looking at its lease', us: of.fence_us },
    { name: 'committing', us: of.commit_us }, { name: 'the job’s own code', us: of.own_us }, { name: 'being ended', us: ending_us ?? 0 },
  ].filter((one) => one.us > 0).sort((a, b) => b.us - a.us);
}

export const micros = (us: number) => (us < 1000 ? `${us} µs` : us < 10_000 ? `${(us / 1000).toFixed(1)} ms` : span(Math.round(us / 1000)));
