import { Fragment } from 'preact';
import LaneAxis from '../../lib/charts/LaneAxis';
import { scale } from '../../lib/charts/lanes';
import { clock } from '../../lib/clock';
import { preferences } from '../../lib/preferences';
import { link } from '../../lib/route';
import { exact, millis, zoneFor } from '../../lib/time';
import type { Agenda } from '../../made/api';
import { barsOf, usual, type Bar } from './agenda';
import './AgendaStrip.css';

const top = 16, tall = 48;
export const narrowed = (from: number, to: number) => link('/timeline/agenda', {}, { since: new Date(from).toISOString(), until: new Date(to).toISOString() });

// How much is due when: the taller the more, with a number above where more jobs fall together than always. Each bar leads to what is due in it.
export default function AgendaStrip({ agenda, width, says, chosen }: { agenda: Agenda; width: number; says: string; chosen: (bar: Bar) => boolean }) {
  const at = scale(millis(agenda.from), millis(agenda.to), width), bars = barsOf(agenda, width), always = usual(agenda);
  const most = Math.max(1, ...bars.map((one) => one.due));
  const zone = zoneFor(preferences.zone);
  return (
    <div class="AgendaStrip">
      <svg width={width} height={top + tall} role="group" aria-label={says}>
        <line x1="0" x2={width} y1={top + tall - 0.5} y2={top + tall - 0.5} />
        {bars.map((bar) => {
          const x = Math.max(0, at.x(bar.from)), wide = Math.max(1, Math.min(width, at.x(bar.to)) - x - 1), high = bar.due ? Math.max(2, (bar.due / most) * tall) : 0;
          const title = `${exact(bar.from, { zone, now: clock.now })}: ${bar.due} due${bar.together > 1 ? `, ${bar.together} at one instant` : ''}`;
          return (
            <Fragment key={bar.from}>
              <a href={narrowed(bar.from, bar.to)} aria-label={title} aria-current={chosen(bar) ? 'true' : undefined} tabindex={-1}>
                <title>{title}</title>
                <rect class="target" x={x} y="0" width={wide} height={top + tall} />
                <rect class={bar.together > always ? 'fill-warn' : 'fill-busy'} x={x} y={top + tall - high} width={wide} height={high} />
              </a>
              {bar.together > always ? <text x={x + wide / 2} y={top + tall - high - 3} text-anchor="middle" aria-hidden="true">{bar.together}</text> : null}
            </Fragment>
          );
        })}
      </svg>
      <LaneAxis at={at} now={clock.now} />
    </div>
  );
}
