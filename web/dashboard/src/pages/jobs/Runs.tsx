import type { Run } from '../../made/api';
import { clock } from '../../lib/clock';
import { preferences } from '../../lib/preferences';
import { millis, relative, shortZone, zoneFor } from '../../lib/time';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import './Runs.css';

// When it is due, in the order of time, by the viewer's clock and by the schedule's own, with what changes of the clocks do to it.
export default function Runs({ runs, zone }: { runs: Run[]; zone: string }) {
  if (!runs.length) return <p class="dim">It is never due.</p>;
  return (
    <ol class="Runs">
      {runs.map((run, at) => (
        <li key={at} class={run.lost ? 'lost' : ''}>
          <span class="at"><Time at={run.at} zone={zone} date /></span>
          {zoneFor(preferences.zone, zone) === zone ? null : <span class="small dim nowrap">{run.local.slice(5, 16)} {shortZone(zone)}</span>}
          <span class="small dim nowrap">{run.lost ? 'not due' : relative(millis(run.at), clock.now)}</span>
          {run.note ? <span class="note small tone-warn"><Icon name="warning" /> {run.note}</span> : null}
        </li>
      ))}
    </ol>
  );
}
