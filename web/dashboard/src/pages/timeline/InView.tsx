import { useMemo } from 'preact/hooks';
import { clock } from '../../lib/clock';
import { useOwn } from '../../lib/own';
import { link } from '../../lib/route';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { seen, type LaneOf } from './layout';
import { addressOf, type View } from './view';
import { late, took } from './words';
import './InView.css';

// What the chart shows, as a table: the same for those who do not see it, and to be read from.
export default function InView({ lanes, view }: { lanes: LaneOf[]; view: View }) {
  const own = useOwn(() => ({ open: false }));
  const most = 100;
  const bars = useMemo(
    () => lanes.flatMap((lane) => lane.bars.filter((bar) => seen(bar, view, clock.now)).map((bar) => ({ job: lane.job, bar }))),
    [lanes, view, clock.now],
  );
  const shown = own.open ? [...bars].sort((a, b) => b.bar.due - a.bar.due).slice(0, most) : [];
  const { from, to } = addressOf(view);
  return (
    <details class="InView" open={own.open} onToggle={(event) => { own.open = event.currentTarget.open; }}>
      <summary>As a table: {bars.length.toLocaleString('en')} {bars.length === 1 ? 'slot' : 'slots'} in view</summary>
      {own.open ? (
        <>
          <div class="wide">
            <table>
              <thead>
                <tr>
                  <th>Job</th>
                  <th>Due</th>
                  <th>Outcome</th>
                  <th>Began</th>
                  <th class="end">Took</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(({ job, bar }) => (
                  <tr key={bar.slot}>
                    <td><a href={`/slots/${bar.slot}`}>{job}</a></td>
                    <td class="nowrap"><Time at={bar.due} seconds /></td>
                    <td><Outcome standing={bar.standing} /></td>
                    <td class="nowrap">{late(bar) || (bar.began === null ? 'not' : '')}</td>
                    <td class="end nowrap">{took(bar, clock.now)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="small dim">
            {bars.length > most ? `These are the newest ${most}. ` : null}
            <a href={link('/history', {}, { since: from, until: to })}>All that was due then, in the history</a>
          </p>
        </>
      ) : null}
    </details>
  );
}
