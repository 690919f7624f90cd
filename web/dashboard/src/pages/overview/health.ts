// How the service is, as lines for people. What is called slow or late here is what alerts call so as shipped.
import type { Overview } from '../../made/api';
import type { Tone } from '../../lib/outcomes';
import { millis, span } from '../../lib/time';

export interface HealthFact { name: string; tone: Tone; word: string; value: string; detail: string; href: string }

const late = 60_000, slow = 1000, little = 10, skewed = 1000;
const number = (value: number, most = Infinity) => (value >= most ? `${most.toLocaleString('en')}+` : value.toLocaleString('en'));

function nodes({ nodes }: Overview): HealthFact {
  const work = nodes.filter((one) => one.state === 'works'), lost = nodes.filter((one) => one.state === 'lost');
  const off = work.filter((one) => Math.abs(one.clock_ahead_ms) >= skewed), drain = work.filter((one) => one.draining);
  const tone: Tone = drain.length === work.length || lost.length ? 'bad' : drain.length || off.length ? 'warn' : 'good';
  return {
    name: 'Nodes', href: '/nodes', tone, word: tone === 'good' ? 'well' : lost.length || !work.length ? 'not all there' : drain.length ? 'drain' : 'clock is off',
    value: `${drain.length ? `${drain.length} of ${work.length} drain` : `${work.length} ${work.length === 1 ? 'works' : 'work'}`}${lost.length ? `, ${lost.length} lost` : ''}`,
    detail: off.length ? off.map((one) => `${one.name}: ${span(one.clock_ahead_ms)} ahead`).join(', ') : [...new Set(work.map((one) => `version ${one.version}`))].join(', '),
  };
}

function queues({ queues }: Overview, now: number): HealthFact {
  const sum = (of: 'running' | 'due' | 'waiting') => queues.reduce((all, one) => all + one[of], 0);
  const oldest = queues.map((one) => one.oldest_due).filter((one) => one !== null).sort()[0];
  const behind = oldest ? Math.max(0, now - millis(oldest)) : 0;
  return {
    name: queues.length > 1 ? `${queues.length} queues` : 'Queue', href: '/nodes', tone: behind > late ? 'warn' : 'good', word: behind > late ? 'behind' : 'well',
    value: `${number(sum('due'), 10_000)} due, ${number(sum('waiting'), 10_000)} waiting`,
    detail: oldest && behind >= 1000 ? `the oldest for ${span(Math.floor(behind / 1000) * 1000)}` : 'nothing is kept waiting',
  };
}

function outbox({ outbox }: Overview, now: number): HealthFact {
  const behind = outbox.sinks.filter((one) => one.oldest && now - millis(one.oldest) > late);
  return {
    name: 'Outbox', href: '/clients', tone: behind.length ? 'warn' : 'good', word: behind.length ? 'behind' : 'well', value: `${number(outbox.events)} events kept`,
    detail: behind.length ? behind.map((one) => `${one.sink}: ${number(one.events, 10_000)} wait for ${span(now - millis(one.oldest ?? ''))}`).join(', ') : outbox.sinks.length ? `${outbox.sinks.length} sinks, all caught up` : 'no sinks',
  };
}

function sockets({ sockets }: Overview): HealthFact {
  return sockets.written_down
    ? { name: 'Sockets', href: '/clients', tone: 'good', word: 'well', value: `${number(sockets.connected, 100_000)} connected`, detail: '' }
    : { name: 'Sockets', href: '/clients', tone: 'quiet', word: 'not counted', value: 'Clients are not written down', detail: 'realtime.recovery is 0' };
}

function database({ database }: Overview): HealthFact {
  const { answers_ms: answers, disk_free_percent: free } = database;
  const tone: Tone = answers === null ? 'quiet' : answers > slow || (free !== null && free < little) ? 'warn' : 'good';
  return {
    name: 'Database', href: '/nodes', tone, word: tone === 'quiet' ? 'not measured yet' : tone === 'good' ? 'well' : answers !== null && answers > slow ? 'slow' : 'little room',
    value: answers === null ? '' : `answers within ${span(Math.max(1, answers))}`, detail: free === null ? '' : `${free.toFixed(0)} % of the disk is free`,
  };
}

export const facts = (overview: Overview, now: number): HealthFact[] => [nodes(overview), queues(overview, now), outbox(overview, now), sockets(overview), database(overview)];
