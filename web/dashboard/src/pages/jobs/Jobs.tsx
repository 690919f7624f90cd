import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Job } from '../../made/api';
import { get } from '../../lib/api';
import { listed } from '../../lib/download';
import { keys } from '../../lib/keys';
import { live, useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import { usePaged, type Fetch } from '../../lib/paged';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import { Selection } from '../../lib/selection';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Export from '../../lib/ui/Export';
import NoJobs from '../../lib/ui/NoJobs';
import JobRow from './JobRow';
import { counts, orders, sorted, standingOfJob, wanted, words, type JobStanding } from './jobs';
import JobsPicked from './JobsPicked';
import './Jobs.css';

const columns = [
  { name: 'Job', width: 'minmax(8rem, 1.1fr)', by: 'job' },
  { name: 'Schedule', width: 'minmax(6.5rem, 1.4fr)', by: 'schedule' },
  { name: 'Next', width: 'minmax(10.5rem, 12.5rem)', by: 'next' },
  { name: 'Last result', width: '8.5rem', by: 'last' },
  { name: 'Took', width: '4.5rem', by: 'took' },
  { name: 'Last 20', width: '146px' },
  { name: 'State', width: 'minmax(6.5rem, 0.7fr)', by: 'state' },
];
const namesOf = (jobs: Job[]) => jobs.map((job) => job.job).join();

// All jobs. What changes is changed where it stands; the order stays until somebody asks for it anew.
export default function Jobs() {
  const own = useOwn(() => ({ all: undefined as Job[] | undefined, anew: 0 }));
  const told = useLive('jobs');
  // What ended is asked for anew as something did, but not at each.
  const recent = useLoaded((signal) => get('/overview/recent', { query: { each: 20 } }, signal), []);
  const strips = new Map(recent.value?.items.map((one) => [one.job, one.slots]));
  const lasts = told?.items.map((job) => job.last?.id ?? '').join();
  const drawn = useRef('');
  useEffect(() => {
    if (!lasts || lasts === drawn.current || recent.loading) return;
    const timer = setTimeout(() => {
      drawn.current = lasts;
      void recent.again();
    }, Math.max(0, recent.at + 2000 - Date.now()));
    return () => clearTimeout(timer);
  }, [lasts, recent.loading]);
  const order = place.word('sort') || 'job';
  const is = place.word('is') as JobStanding | '';
  const typed = place.word('q').trim();
  const picks = useMemo(() => new Selection<Job>((job) => job.job), []);
  const fits = (job: Job) => (!is || standingOfJob(job) === is) && wanted(job, typed);
  const chosen = (jobs: Job[]) => sorted(jobs.filter(fits), order);
  const look = `${order} ${is} ${typed}`;
  const made = useRef(''); // what the list was made for
  const ask: Fetch<Job> = async (_, signal) => {
    const known = live.lists.jobs ? { value: live.lists.jobs, etag: '' } : await get('/jobs', {}, signal);
    own.all ??= known.value.items;
    return { etag: known.etag, next: null, value: { items: chosen(known.value.items), next: null } };
  };
  const list = usePaged<Job>(
    (cursor, signal) => {
      made.current = look;
      return ask(cursor, signal);
    },
    (job) => job.job,
    [look, own.anew],
  );
  useEffect(() => {
    if (!told) return;
    own.all = told.items;
    list.hear(told.items, fits);
  }, [told]);
  const all = own.all ?? [];
  const stale = made.current === look && list.begun && namesOf(chosen(all)) !== namesOf(list.items);
  const found = counts(all.filter((job) => wanted(job, typed)));
  // Of the row that has the focus; the job's page asks.
  useEffect(() => {
    const leads = (key: string, act: (job: Job) => string, what: string) => ({ keys: key, what: `${what} of the list`, run: () => {
      const job = list.items[Number(document.activeElement?.closest<HTMLElement>('[data-at]')?.dataset.at)];
      if (job) place.go(link('/jobs/:job', { job: job.job }, { do: act(job) }));
    } });
    return keys.bind(
      leads('r', () => 'run', 'Run the job'),
      leads('p', (job) => (job.paused ? 'resume' : 'pause'), 'Pause or resume the job'),
      leads('e', () => 'schedule', 'Change the schedule of the job'),
    );
  }, []);
  const sortBy = (by: string) => place.filter({ sort: order === by ? `-${by}` : by === 'job' ? null : by });
  return (
    <>
      <div class="Jobs top">
        <h1 tabindex={-1}>Jobs</h1>
        <input
          data-search
          type="search"
          aria-label="Filter jobs"
          placeholder="Words, state:failing, queue:, tag:, zone:"
          value={place.word('q')}
          onInput={(event) => place.filter({ q: event.currentTarget.value })}
        />
      </div>
      <div class="Jobs tools">
        <div class="is" role="group" aria-label="Which jobs">
          <button class="plain" type="button" aria-pressed={!is} onClick={() => place.filter({ is: null })}>all</button>
          {Object.entries(words).map(([one, word]) => (
            <button key={one} class="plain" type="button" aria-pressed={is === one} onClick={() => place.filter({ is: is === one ? null : one })}>
              {word} <span class="dim">{found[one as JobStanding]}</span>
            </button>
          ))}
        </div>
        <label class="order">
          Order
          <select value={order.replace(/^-/, '')} onChange={(event) => place.filter({ sort: event.currentTarget.value })}>
            {orders.map((one) => (<option key={one} value={one}>{columns.find((column) => column.by === one)?.name}</option>))}
          </select>
        </label>
        <button class="anew" type="button" style={{ visibility: stale ? 'visible' : 'hidden' }} onClick={() => ++own.anew}>Sort anew</button>
        <Export files={listed('jobs', ask)} />
      </div>
      <DataList
        list={list}
        keyOf={(job) => job.job}
        label="Jobs"
        picks={picks}
        columns={columns}
        sort={order}
        onsort={sortBy}
        height={64}
        narrow={172}
        what="The jobs could not be loaded"
        row={(job) => <JobRow job={job} recent={recent.value && (strips.get(job.job) ?? [])} />}
        empty={
          typed || is ? (
            <Empty title="No job is like that"><a href="/jobs">Show all of them</a>.</Empty>
          ) : <NoJobs />
        }
      />
      <JobsPicked picks={picks} />
    </>
  );
}
