// What pages of alerts and of jobs say of alerts.
import type { AlertList, AlertRule } from '../made/api';
import { round } from './time';

// From where on it is too much, and for how long.
export const limitsOf = ({ says, for_ms, resolve_after_ms }: AlertRule): string =>
  [says, for_ms && `fires after ${round(for_ms)}`, resolve_after_ms && `over after ${round(resolve_after_ms)}`].filter(Boolean).join('; ');

// How many alerts fire that somebody is told of: what the navigation counts.
export const firingOf = (alerts: AlertList | undefined): number => alerts?.items.filter((one) => one.state === 'firing' && !one.held_back).length ?? 0;
