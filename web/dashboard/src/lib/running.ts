// What runs now, in words.
import type { RunningSlot } from '../made/api';
import { millis, span } from './time';

// "done in about 3 min", or why nobody can tell.
export function eta(slot: RunningSlot, now: number): string {
  if (slot.cancel_requested_by) return `asked to stop by ${slot.cancel_requested_by}`;
  if (slot.expected_end) return `done in about ${span(Math.max(1000, Math.round((millis(slot.expected_end) - now) / 1000) * 1000))}`;
  if (slot.usual_ms !== null && slot.started_at && now - millis(slot.started_at) > slot.usual_ms) return `longer than its usual ${span(slot.usual_ms)}`;
  return 'no telling how long';
}
