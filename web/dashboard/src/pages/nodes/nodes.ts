// The nodes and queues, as plain functions of what the API told.
import type { Node, QueueDelays, QueueLoad, RunningSlot, Setting } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { millis, span } from '../../lib/time';

const skewed = 1000;

export interface Standing { word: string; tone: Tone; shape: string }

export function standing(node: Node): Standing {
  if (node.state === 'lost') return { word: 'not heard of', tone: 'bad', shape: 'question' };
  if (node.state === 'stopped') return { word: 'stopped', tone: 'quiet', shape: 'square' };
  if (node.draining) return { word: 'drains', tone: 'warn', shape: 'pause' };
  if (Math.abs(node.clock_ahead_ms) >= skewed) return { word: 'clock is off', tone: 'warn', shape: 'warning' };
  return { word: 'works', tone: 'good', shape: 'tick' };
}

// "right to 12 ms", "1.5 s ahead", "2 s behind": of the database's.
export function skew(ahead: number): string {
  if (Math.abs(ahead) < skewed) return `right to ${span(Math.max(1, Math.abs(ahead)))}`;
  return `${span(Math.abs(ahead))} ${ahead > 0 ? 'ahead' : 'behind'}`;
}

// How long the oldest of some was kept waiting, in whole seconds; 0 where there is none.
export const kept = (oldest: string | null | undefined, now: number) => (oldest ? Math.max(0, Math.floor((now - millis(oldest)) / 1000) * 1000) : 0);

export const running = (slots: RunningSlot[], node: Node) => slots.filter((slot) => slot.node === node.name);

export interface Rule { limit: number; weight: number; reserved: number }

// Of the settings of this node: queues.money.weight = 1.
export function rules(settings: Setting[]): Map<string, Rule> {
  const out = new Map<string, Rule>();
  for (const { key, value } of settings) {
    const found = /^queues\.(.+)\.(limit|weight|reserved)$/.exec(key);
    if (!found?.[1]) continue;
    const rule = out.get(found[1]) ?? { limit: 0, weight: 1, reserved: 0 };
    rule[found[2] as keyof Rule] = Number(value);
    out.set(found[1], rule);
  }
  return out;
}

export interface Line { queue: string; load: QueueLoad | undefined; rule: Rule | undefined }

// Each queue that has slots or a rule, those that the settings name first, as they are told.
export function lines(queues: QueueLoad[], of: Map<string, Rule>): Line[] {
  const names = [...new Set([...of.keys(), ...queues.map((one) => one.queue)])];
  return names.map((queue) => ({ queue, load: queues.find((one) => one.queue === queue), rule: of.get(queue) }));
}

export interface Delays { p50: string; p95: string; day: number[]; label: string }

// How long a queue kept slots waiting, in words: of the last hour, and how it went.
export function delays(all: QueueDelays[] | undefined, queue: string): Delays {
  const hours = all?.find((one) => one.queue === queue)?.hours ?? [];
  const last = hours.at(-1), day = hours.map((one) => one.p95_ms ?? 0);
  const word = (ms: number | null | undefined) => (typeof ms === 'number' ? span(Math.max(1, ms)) : '–');
  return { p50: word(last?.p50_ms), p95: word(last?.p95_ms), day: day.some(Boolean) ? day : [], label: `p95 by the hour of the last day, ${word(Math.max(...day, 0))} at most` };
}
