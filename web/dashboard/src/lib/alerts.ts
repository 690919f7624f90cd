// How many alerts fire that somebody is told of: what the navigation counts.
import type { AlertList } from '../made/api';

export const firingOf = (alerts: AlertList | undefined): number => alerts?.items.filter((one) => one.state === 'firing' && !one.held_back).length ?? 0;
