import { clock } from '../../lib/clock';
import { preferences } from '../../lib/preferences';
import { link } from '../../lib/route';
import { millis, shortZone, zoneFor } from '../../lib/time';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import type { Agenda } from '../../made/api';
import { byHours } from './agenda';
import { narrowed } from './AgendaStrip';
import './AgendaRuns.css';

const jobLink = (job: string) => <a href={link('/jobs/:job', { job })}>{job}</a>;
const held = <span class="small dim nowrap"><Icon name="pause" /> paused: refused</span>;

// What of an agenda is still to come, hour by hour; what is due again and again has one line.
export default function AgendaRuns({ agenda, none }: { agenda: Agenda; none: string }) {
  const zone = zoneFor(preferences.zone);
  const runs = agenda.items.filter((run) => millis(run.at) > clock.now - 2000), { often } = agenda;
  return (
    <>
      {often.length ? (
        <details class="AgendaRuns" open={often.length < 6}>
          <summary><h2>Again and again</h2> <span class="small dim">{often.length}</span></summary>
          <ul>
            {often.map((one) => (
              <li key={one.job}>
                {jobLink(one.job)}
                <span>{one.runs.toLocaleString('en')} times</span>
                <span class="small dim"><Time at={one.first} seconds /> to <Time at={one.last} seconds /></span>
                {one.paused ? held : null}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {byHours(runs, zone).map((hour) => (
        <section key={hour.name} class="AgendaRuns" aria-label={hour.name}>
          <h2><a href={narrowed(hour.from, hour.from + 3_600_000)}>{hour.name}</a> <span class="small dim">{shortZone(zone)}</span></h2>
          <ul>
            {hour.runs.map((run) => (
              <li key={run.job + run.at} class={run.lost ? 'lost' : ''}>
                {jobLink(run.job)}
                <span class="dim"><Time at={run.at} as="relative" /></span>
                <span class="at"><Time at={run.at} seconds={millis(run.at) % 60_000 > 0} /></span>
                {run.lost ? <span class="small tone-warn nowrap"><Icon name="cross" /> not due</span> : run.paused ? held : null}
                {run.note ? <span class="note small tone-warn"><Icon name="warning" /> {run.note}</span> : null}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {runs.length ? null : <p class="AgendaRuns dim">{none}</p>}
      {agenda.left_off ? <p class="AgendaRuns small dim">{agenda.left_off.toLocaleString('en')} more are counted in the bars and not listed: choose a bar.</p> : null}
    </>
  );
}
