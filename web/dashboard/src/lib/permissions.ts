// What somebody may do, and in words why not. The API decides; this only spares people a dialog that ends in 403.
import { rights, type Me } from '../made/api';
import type { Change } from './api';

export interface Permit { may: boolean; why: string }

export function right(change: Change): string { return (rights as Record<string, string>)[change] ?? 'look'; }

function covers(pattern: string, job: string): boolean {
  return pattern.endsWith('*') ? job.startsWith(pattern.slice(0, -1)) : pattern === job;
}

// Why somebody has not got that right, or not here; empty where they have. `job`: the one it is about; left out for what
// concerns none, or all.
export function lacks(me: Me | null | undefined, wanted: string, job?: string): string {
  if (!me) return 'You are not signed in.';
  if (!me.rights.includes(wanted)) return `It takes the right “${wanted}”, which your ${me.role}’s token does not have.`;
  if (wanted === 'look' || me.jobs.length === 0) return '';
  if (job === undefined) return 'It concerns all jobs, and your token is for some alone.';
  return me.jobs.some((one) => covers(one, job)) ? '' : `Your token is not for ${job}.`;
}
export function permit(me: Me | null | undefined, change: Change, job?: string): Permit {
  const why = lacks(me, right(change), job);
  return { may: !why, why };
}
