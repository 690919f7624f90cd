// One act: what is sent, and what is said of it. Where a second person is needed nothing was done yet (202 with an
// approval), and that is said.
import type { Approval } from '../made/api';
import { send, type Change, type Order } from './api';
import type { Operations } from '../made/api';

export interface Act<C extends Change> {
  change: C;
  order: Omit<Order<Operations[C]>, 'key'>;
  done: string | ((answer: Operations[C]['answer']) => { text: string; link?: { text: string; href: string } });
}
export interface Outcome { status: number; text: string; link?: { text: string; href: string } | undefined; waits: boolean }

export const isApproval = (value: unknown): value is Approval => typeof value === 'object' && value !== null && 'plan_hash' in value && 'expires_at' in value;

export async function act<C extends Change>({ change, order, done }: Act<C>, key: string): Promise<Outcome> {
  const { status, value } = await send(change, { ...order, key } as unknown as Order<Operations[C]>);
  if (status === 202 && isApproval(value)) {
    return { status, waits: true, text: 'Not done yet: a second person has to say yes.', link: { text: 'The approval', href: `/approvals?id=${value.id}` } };
  }
  return { status, waits: false, ...(typeof done === 'string' ? { text: done } : done(value)) };
}
