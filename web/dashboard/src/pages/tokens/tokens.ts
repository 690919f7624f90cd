// Tokens: how each stands, in which order, and what a new one is asked for with.
import type { Me, Role, RoleList, Token, TokenOrder } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { millis } from '../../lib/time';

export type Standing = 'good' | 'ends soon' | 'over' | 'revoked';
const soon = 7 * 86_400_000;

// Rotation ends the old one after a while: that is an end like another.
export function standingOf(token: Token, now: number): Standing {
  if (token.revoked_at && millis(token.revoked_at) <= now) return 'revoked';
  if (!token.expires_at) return 'good';
  const left = millis(token.expires_at) - now;
  return left <= 0 ? 'over' : left < soon ? 'ends soon' : 'good';
}
const looks: Record<Standing, { word: string; shape: string; tone: Tone }> = {
  good: { word: 'good', shape: 'tick', tone: 'good' }, 'ends soon': { word: 'ends soon', shape: 'hourglass', tone: 'warn' },
  over: { word: 'over', shape: 'ring-gap', tone: 'quiet' }, revoked: { word: 'revoked', shape: 'cross', tone: 'quiet' },
};
export const lookOf = (token: Token, now: number) => looks[standingOf(token, now)];
export const isOver = (token: Token, now: number) => ['over', 'revoked'].includes(standingOf(token, now));

// One's own first, then those that are good, by name; the newest of a name first.
export function inOrder(tokens: Token[], own: string | null, now: number): Token[] {
  return [...tokens].sort((a, b) => Number(b.id === own) - Number(a.id === own) || Number(isOver(a, now)) - Number(isOver(b, now))
    || a.name.localeCompare(b.name) || b.created_at.localeCompare(a.created_at));
}
export function fits(token: Token, words: string): boolean {
  const said = words.trim().toLowerCase();
  return !said || [token.name, token.role, token.key_id, ...token.rights, ...token.jobs, ...token.networks].some((one) => one.toLowerCase().includes(said));
}

// ---------------------------------------------------------------- a new one

export type Roles = RoleList['items']; // the least first

// Nobody gives more than he has, nor a role more than it holds.
export function rightsFor(role: Role, me: Me | null | undefined, roles: Roles): string[] {
  const held = roles.find((one) => one.role === role)?.rights ?? [];
  return (me?.rights ?? []).filter((one) => held.includes(one));
}
export const rolesFor = (me: Me | null | undefined, roles: Roles): Role[] => roles.slice(0, roles.findIndex((one) => one.role === me?.role) + 1).map((one) => one.role);

export interface Draft { name: string; role: Role; all: boolean; rights: string[]; jobs: string; networks: string; days: string }
export const draft = (): Draft => ({ name: '', role: 'operator', all: true, rights: [], jobs: '', networks: '', days: '90' });

const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

export function orderOf(draft: Draft, reason: string): TokenOrder {
  const jobs = words(draft.jobs), networks = words(draft.networks), days = Number(draft.days);
  return {
    name: draft.name.trim(), role: draft.role, reason,
    ...(draft.all ? {} : { rights: draft.rights }), ...(jobs.length ? { jobs } : {}), ...(networks.length ? { networks } : {}),
    ...(days > 0 ? { lasts_ms: Math.round(days * 86_400_000) } : {}),
  };
}
export const isWhole = (draft: Draft) => Boolean(draft.name.trim()) && (draft.all || draft.rights.length > 0);
