// The API as pages ask it: typed by its own document, with what is unchanged taken from what is known (ETag), and
// everything that goes wrong as one kind of error.
import type { Mistake, Nothing, Operations } from '../made/api';

type Method<M extends string, Key = keyof Operations> = Key extends `${M} ${infer Path}` ? Path : never;
export type ReadPath = Method<'GET'>;
export type Change = Exclude<keyof Operations, `GET ${string}`>;
type Filled<Place, T> = T extends Nothing ? { [K in Place & string]?: T } : { [K in Place & string]: T };
export type Asked<O extends { path: unknown; query: unknown }> = Filled<'path', O['path']> & { query?: Partial<O['query']> };
export type Order<O extends { path: unknown; query: unknown; body: unknown }> = Asked<O> & Filled<'body', O['body']> & {
  ifMatch?: string;
  key?: string; // Idempotency-Key: the same for each sending of one act
};

export interface Told<T> { value: T; etag: string; next: string | null }
export interface Done<T> { status: number; value: T; etag: string }

// What could not be done: RFC 9457, or that nobody answered.
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string, readonly code: string,
    readonly requestId: string, readonly mistakes: Mistake[] = [], readonly retryAfter = 0) {
    super(`${title}: ${detail}`);
  }
  get unreachable() { return this.status === 0; }
  // `what` it means of what was asked for; undefined where nobody looked at that.
  means<T>(what: T) { return this.status >= 400 && this.status < 500 ? what : undefined; }
  // Of a change: what is known of it.
  get undone() { return this.unreachable ? 'It is not known whether it was done' : 'It was not done'; }
}

const root = '/api/v1';
// What was told last for an address, for If-None-Match; the oldest goes where there are many.
const known = new Map<string, Told<unknown>>();
const most_known = 200;
const too_large = 50_000; // bytes as they came: such are asked for anew, not kept by the dozen

let lost: () => void = () => {};
// Called where a request finds that there is no session any more.
export function whenSessionIsLost(call: () => void) { lost = call; }
export function forgetAnswers() { known.clear(); }

export function addressOf(path: string, parts: Record<string, string> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const words = new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
  return root + filled + (words ? `?${words}` : '');
}

// It is in a cookie, so that pages that are loaded anew have it (docs/api.md, "Browsers").
export const antiForgery = () => /(?:^|; )(?:__Host-)?hotclock-csrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';

export async function fetched(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...init, credentials: 'same-origin', redirect: 'error' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, 'nobody answered', 'The server cannot be reached.', 'unreachable', '');
  }
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const said = await response.json().catch(() => ({})) as Record<string, unknown>;
  return new ApiProblem(response.status, String(said.title ?? `Status ${response.status}`), String(said.detail ?? 'It said no more.'),
    String(said.code ?? ''), String(said.request_id ?? response.headers.get('X-Request-Id') ?? ''), (said.problems ?? []) as Mistake[],
    Number(response.headers.get('Retry-After') ?? 0));
}

async function failed(response: Response): Promise<never> {
  if (response.status === 401) lost();
  throw await problemOf(response);
}

async function said<T>(response: Response): Promise<T> {
  return (response.headers.get('Content-Type')?.includes('json') ? await response.json() : await response.text()) as T;
}

function remember(address: string, told: Told<unknown>) {
  known.delete(address);
  known.set(address, told);
  if (known.size > most_known) known.delete(known.keys().next().value as string);
}

// Reads; with `signal` the page that is left takes its question back.
export async function get<P extends ReadPath>(path: P, asked: Asked<Operations[`GET ${P}`]>, signal?: AbortSignal): Promise<Told<Operations[`GET ${P}`]['answer']>> {
  const { path: parts, query } = asked as { path?: Record<string, string>; query?: Record<string, unknown> };
  const address = addressOf(path, parts, query);
  const before = known.get(address);
  const response = await fetched(address, { signal: signal ?? null, headers: before?.etag ? { 'If-None-Match': before.etag } : {} });
  if (response.status === 304 && before) return before as Told<Operations[`GET ${P}`]['answer']>;
  if (!response.ok) return failed(response);
  const value = await said<Operations[`GET ${P}`]['answer']>(response);
  const next = (value as { next?: string | null } | null)?.next ?? null;
  const told = { value, etag: response.headers.get('ETag') ?? '', next };
  if (Number(response.headers.get('Content-Length')) < too_large) remember(address, told);
  return told;
}

// Does something. A POST that got no answer is sent again with the same key by whoever calls with that key.
export async function send<C extends Change>(change: C, order: Order<Operations[C]>): Promise<Done<Operations[C]['answer']>> {
  const [method = '', path = ''] = change.split(' ');
  const { path: parts, query, body, ifMatch, key } = order as { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown; ifMatch?: string; key?: string };
  const headers: Record<string, string> = { 'X-CSRF-Token': antiForgery() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  if (method === 'POST') headers['Idempotency-Key'] = key ?? newKey();
  const response = await fetched(addressOf(path, parts, query), { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  if (!response.ok) return failed(response);
  return { status: response.status, value: await said<Operations[C]['answer']>(response), etag: response.headers.get('ETag') ?? '' };
}

// Also where crypto.randomUUID is not: pages over plain HTTP from another machine.
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
