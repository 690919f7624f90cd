import { useEffect, useRef } from 'preact/hooks';
import type { Job as Listed } from '../../made/api';
import { get } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { useTitle } from '../../lib/own';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Backfills from './Backfills';
import JobActions from './JobActions';
import JobBanners from './JobBanners';
import JobChanges from './JobChanges';
import JobHistory from './JobHistory';
import JobNow from './JobNow';
import JobSettings from './JobSettings';
import { standingOfJob, words } from './jobs';
import Tags from './Tags';
import './Job.css';

const tabs = [
  { id: '', title: 'How it fares' },
  { id: 'history', title: 'History' },
  { id: 'settings', title: 'Settings' },
  { id: 'changes', title: 'Changes' },
];
const settled = (one: Pick<Listed, 'schedule' | 'enabled' | 'priority' | 'paused'>) => JSON.stringify([one.schedule, one.enabled, one.priority, one.paused]);

// One job: how it stands and why, when it is due, how it fared, what it is made of, and what can be done to it.
export default function Job({ parts }: { parts: Record<string, string> }) {
  const job = parts.job ?? '';
  useTitle(job);
  const details = useLoaded((signal) => get('/jobs/{job}', { path: { job } }, signal), [job]);
  const now = useLive('jobs')?.items.find((one) => one.job === job);
  // Whatever its live line says otherwise is asked for wholly; but at most every second.
  const asked = useRef(0);
  const line = now ? JSON.stringify([now.schedule, now.enabled, now.priority, now.paused, now.running, now.next, now.last?.id]) : '';
  function again() {
    asked.current = Date.now();
    void details.again();
  }
  function soon() {
    const timer = setTimeout(again, Math.max(0, asked.current + 1000 - Date.now()));
    return () => clearTimeout(timer);
  }
  useEffect(() => (line && details.value ? soon() : undefined), [line]);
  // An answer may be older than a change that was made beside it.
  useEffect(() => (now && details.value && settled(now) !== settled(details.value) ? soon() : undefined), [now, details.value]);
  const tab = tabs.some((one) => one.id === place.word('tab')) ? place.word('tab') : '';
  return (
    <>
      <p class="small"><a href="/jobs">Jobs</a></p>
      <h1 class="Job" tabindex={-1}>{job}</h1>
      <Await of={details} rows={5} what="The job could not be loaded">
        {(told) => {
          const one = { ...told, ...(now && now.last?.id === told.last?.id ? { running: now.running, next: now.next } : {}) };
          const { schedule } = one;
          return (
            <>
              <p class="Job what">
                {schedule.description}{' '}
                <span class="dim">
                  · <code>{schedule.expression}</code> · {schedule.zone}{schedule.dst === 'vixie' ? '' : ` · dst ${schedule.dst}`} · queue{' '}
                  {one.queue || 'default'} · priority {one.priority} · {words[standingOfJob(one)]}
                </span>{' '}
                <Tags tags={one.tags} />
              </p>
              <JobBanners job={one} />
              <JobActions job={one} etag={details.etag} again={again} />
              <Backfills job={job} zone={schedule.zone} />
              <nav class="Job tabs" aria-label={`About ${job}`}>
                {tabs.map(({ id, title }) => (
                  <a key={id} href={link('/jobs/:job', { job }, { tab: id })} aria-current={tab === id ? 'page' : undefined}>{title}</a>
                ))}
              </nav>
              {tab === 'history' ? <JobHistory job={job} zone={schedule.zone} />
                : tab === 'settings' ? <JobSettings job={one} />
                : tab === 'changes' ? <JobChanges job={one} etag={details.etag} again={again} />
                : <JobNow job={one} />}
            </>
          );
        }}
      </Await>
    </>
  );
}
