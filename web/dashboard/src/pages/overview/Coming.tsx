import { clock } from '../../lib/clock';
import { shortZone } from '../../lib/time';
import type { OverviewJob } from '../../made/api';
import Time from '../../lib/ui/Time';
import { coming } from './overview';
import './Coming.css';

// What is due next: by the viewer's clock, and by the schedule's own.
export default function Coming({ jobs }: { jobs: OverviewJob[] }) {
  const next = coming(jobs, 8, clock.now);
  return (
    <section class="Coming" aria-labelledby="coming">
      <header><h2 id="coming">Due next</h2><a class="small" href="/timeline/agenda">The next 24 h</a></header>
      {next.length ? (
        <ul class="coming">
          {next.map((one) => (
            <li key={one.job.job}>
              <span class="when"><Time at={one.at} as="relative" /></span>
              <a href={`/jobs/${encodeURIComponent(one.job.job)}`}>{one.job.job}</a>
              <span class="due"><Time at={one.at} zone={one.job.schedule.zone} /></span>
              <span class="own dim small">
                {one.run.local.slice(11, 16)} {shortZone(one.job.schedule.zone)} <span class="dimmer">({one.run.local.slice(20)})</span>
                {one.run.note ? ` · ${one.run.note}` : ''}
              </span>
            </li>
          ))}
        </ul>
      ) : (<p class="dim">Nothing is due within a day.</p>)}
    </section>
  );
}
