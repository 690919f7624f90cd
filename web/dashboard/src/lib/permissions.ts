// What somebody may do, and in words why not. The API decides; this only spares people a dialog that ends in 403.
import { rights, type Me } from '../made/api';
import type { Change } from './api';

export interface Permit { may: boolean; why: string }
const yes: Permit = { may: true, why: '' };

export function right(change: Change): string { return (rights as Record<string, string>)[change] ?? 'look'; }

function covers(pattern: string, job: string): boolean {
  return pattern.endsWith('*') ? job.startsWith(pattern.slice(0, -1)) : pattern === job;
}

// `job`: the one it is about; left out for what concerns none, or all.
export function permit(me: Me | null | undefined, change: Change, job?: string): Permit {
  if (!me) return { may: false, why: 'You are not signed in.' };
  const wanted = right(change);
  if (!me.rights.includes(wanted)) return { may: false, why: `It takes the right “${wanted}”, which your ${me.role}’s token does not have.` };
  if (wanted === 'look' || me.jobs.length === 0) return yes;
  if (job === undefined) return { may: false, why: 'It concerns all jobs, and your token is for some alone.' };
  return me.jobs.some((one) => covers(one, job)) ? yes : { may: false, why: `Your token is not for ${job}.` };
}
