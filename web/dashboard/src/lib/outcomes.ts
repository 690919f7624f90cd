// How a slot ended or stands: its word, its shape and its tone. Colour never stands alone.
import type { End, State } from '../made/api';

export type Standing = End | State;
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet';
export interface Look { word: string; shape: string; tone: Tone; bad: number } // bad: 0 is best, for "the worst of them"

// Shapes are symbols of index.html.
const looks: Record<Standing, Look> = {
  completed: { word: 'completed', shape: 'tick', tone: 'good', bad: 1 },
  completed_with_errors: { word: 'completed, some set aside', shape: 'tick-dot', tone: 'warn', bad: 5 },
  failed: { word: 'failed', shape: 'cross', tone: 'bad', bad: 9 },
  timed_out: { word: 'timed out', shape: 'hourglass', tone: 'bad', bad: 8 },
  cancelled: { word: 'cancelled', shape: 'square', tone: 'quiet', bad: 3 },
  refused: { word: 'refused', shape: 'bar', tone: 'warn', bad: 4 },
  missed: { word: 'missed', shape: 'ring-gap', tone: 'warn', bad: 6 },
  due: { word: 'due', shape: 'ring', tone: 'quiet', bad: 0 },
  waiting: { word: 'waiting', shape: 'pause', tone: 'quiet', bad: 0 },
  running: { word: 'running', shape: 'play', tone: 'busy', bad: 2 },
  unknown: { word: 'unknown', shape: 'question', tone: 'bad', bad: 7 },
  ended: { word: 'ended', shape: 'tick', tone: 'quiet', bad: 1 },
};

export const standings = Object.keys(looks) as Standing[];
export const lookOf = (standing: string): Look => looks[standing as Standing] ?? { word: standing, shape: 'question', tone: 'quiet', bad: 0 };
export const standingOf = (slot: { state: State; ended: End | null }): Standing => slot.ended ?? slot.state;

// The worst of many; undefined where there are none.
export function worst(counts: Record<string, number>): Standing | undefined {
  return (Object.keys(counts) as Standing[]).filter((one) => (counts[one] ?? 0) > 0).sort((a, b) => lookOf(b).bad - lookOf(a).bad)[0];
}

// "3 completed, 1 failed", the worst first.
export function inWords(counts: Record<string, number>): string {
  return Object.entries(counts).filter(([, count]) => count > 0)
    .sort(([a], [b]) => lookOf(b).bad - lookOf(a).bad).map(([one, count]) => `${count} ${lookOf(one).word}`).join(', ');
}
