import { useEffect, useRef } from 'preact/hooks';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { useWidth } from '../../lib/own';
import { place } from '../../lib/router';
import { millis } from '../../lib/time';
import type { OverviewJobs } from '../../made/api';
import Await from '../../lib/ui/Await';
import NoJobs from '../../lib/ui/NoJobs';
import Lane from './Lane';
import LaneAxis from '../../lib/charts/LaneAxis';
import { scale } from '../../lib/charts/lanes';
import { settled } from './overview';
import './Day.css';

// Each job in a lane: what became of its slots in the last day, now, and what comes. So one look answers whether
// every due slot was worked.
export default function Day({ jobs }: { jobs: OverviewJobs }) {
  const day = useLoaded((signal) => get('/overview/last-day', {}, signal), []);
  const aheads: Record<string, number> = { '1': 1, '6': 6, '24': 24 };
  const ahead = aheads[place.word('ahead')] ?? 6;
  // What ended since is asked for once it has: not at each, and at least once a minute.
  const asked = useRef(0);
  const [box, width] = useWidth();
  const ends = jobs.items.map((job) => job.last?.id ?? '').join();
  function ask() {
    asked.current = Date.now();
    void day.again();
  }
  useEffect(() => {
    if (!day.value) return;
    const timer = setTimeout(ask, Math.max(1000, asked.current + 10_000 - Date.now()));
    return () => clearTimeout(timer);
  }, [ends]);
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) ask(); }, 60_000);
    return () => clearInterval(timer);
  }, []);
  const order = useRef<string[]>([]);
  order.current = settled(order.current, jobs.items.map((job) => job.job));
  const byName = new Map(jobs.items.map((job) => [job.job, job]));
  const minute = Math.floor(clock.now / 60_000) * 60_000;
  return (
    <section class="Day" aria-labelledby="day">
      <header>
        <h2 id="day">The last day, and what comes</h2>
        <div class="ahead" role="group" aria-label="How far ahead">
          {Object.keys(aheads).map((hours) => (
            <button
              key={hours}
              class="plain"
              type="button"
              aria-pressed={ahead === aheads[hours]}
              onClick={() => place.filter({ ahead: hours === '6' ? null : hours })}
            >
              {hours} h
            </button>
          ))}
          <span class="small dim">ahead</span>
        </div>
      </header>
      <Await of={day} rows={Math.max(3, jobs.items.length)} height={52} what="The last day could not be loaded">
        {(told) => {
          const strips = new Map(told.items.map((one) => [one.job, one]));
          const at = scale(millis(told.from), Math.max(millis(told.to), minute + ahead * 3_600_000), width);
          return (
            <>
              <div class="lanes">
                <div class="axis">
                  <div ref={box}>{width ? <LaneAxis at={at} now={clock.now} /> : null}</div>
                </div>
                {order.current.map((name) => {
                  const job = byName.get(name);
                  return job && width ? <Lane key={name} job={job} strip={strips.get(name)} cell={told.cell_ms} at={at} now={clock.now} /> : null;
                })}
              </div>
              {told.counted_from ? <p class="small dim">More was due than is counted here; what lies before is in the history.</p> : null}
              {jobs.left_off ? (
                <p class="small dim">{jobs.left_off} more jobs, none of which fails, are in <a href="/jobs">the list of jobs</a>.</p>
              ) : null}
              {jobs.total ? null : <NoJobs />}
            </>
          );
        }}
      </Await>
    </section>
  );
}
