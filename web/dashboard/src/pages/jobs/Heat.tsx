import { Fragment } from 'preact';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { inWords, lookOf } from '../../lib/outcomes';
import { useWidth } from '../../lib/own';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Icon from '../../lib/ui/Icon';
import { calendar, months, type DayBox } from './charts';
import './Heat.css';

const shapes = ['completed', 'completed_with_errors', 'failed', 'cancelled'];
const meanings: Record<string, string> = { failed: 'failed, timed out', completed_with_errors: 'some set aside, missed' };
const titleOf = (one: DayBox) => `${one.day} UTC: ${inWords(one.ends) || 'nothing'}`;

function Days({ days, width, label, href }: { days: DayBox[]; width: number; label: string; href: (one: DayBox) => string }) {
  const parts = width && width < 640 ? 2 : 1, columns = Math.ceil(53 / parts);
  const step = Math.max(9, Math.min(17, Math.floor((width - 30) / columns))), box = step - 2;
  const high = step * 7 + 22; // of a part
  const x = (column: number) => 30 + (column % columns) * step;
  const top = (column: number) => Math.floor(column / columns) * high;
  return (
    <svg class="days" role="img" aria-label={label} width={width} height={parts * high}>
      {months(days).map((one) => (<text key={one.column} x={x(one.column)} y={top(one.column) + 11}>{one.name}</text>))}
      {Array.from({ length: parts }, (_, part) => ['Mon', 'Wed', 'Fri'].map((name, row) => (
        <text key={name + part} x="0" y={16 + part * high + (row * 2 + 0.75) * step}>{name}</text>
      )))}
      {days.map((one) => {
        const left = x(one.column), down = 16 + top(one.column) + one.row * step;
        return (
          <g key={one.day} class={one.slots ? 'go' : ''} onClick={() => { if (one.slots) place.go(href(one)); }}>
            <title>{titleOf(one)}</title>
            <rect class={one.look ? `fill-${one.look.tone}` : 'none'} x={left} y={down} width={box} height={box} rx="2" />
            {one.look?.tone === 'bad' ? <path d={`M${left + box / 2 - 2.5} ${down + box / 2 - 2.5}l5 5m0-5l-5 5`} />
              : one.look?.tone === 'warn' ? <circle cx={left + box / 2} cy={down + box / 2} r="2" /> : null}
          </g>
        );
      })}
    </svg>
  );
}

// Twelve months, a box for each day: the worst that became of its slots, as colour and shape.
export default function Heat({ job, last }: { job: string; last: string }) {
  const today = Math.floor(clock.now / 86_400_000) * 86_400_000;
  // Asked anew as one more has ended; the day's own sums are seldom wanted sooner than that.
  const year = useLoaded(
    (signal) => get('/jobs/{job}/statistics', { path: { job }, query: { since: new Date(today - 371 * 86_400_000).toISOString(), by: 'day' } }, signal),
    [job, last, today],
  );
  const [widthBox, width] = useWidth();
  const href = ({ at }: DayBox) =>
    link('/jobs/:job', { job }, { tab: 'history', since: new Date(at).toISOString(), until: new Date(at + 86_400_000).toISOString() });
  return (
    <section class="Heat" aria-labelledby="year">
      <header>
        <h2 id="year">Twelve months</h2>
        <span class="small dim">days of UTC, each by its worst</span>
      </header>
      <div ref={widthBox}>
        <Await of={year} rows={5} height={28} what="The months could not be loaded">
          {(told) => {
            const days = calendar(told.periods, today);
            const bad = days.filter((one) => one.look?.tone === 'bad');
            const label = `${told.slots} slots in twelve months: ${inWords({ ...told.ends }) || 'none'}; ${bad.length} days with a failure`;
            return (
              <>
                <Days days={days} width={width} label={label} href={href} />
                <p class="legend small dim">
                  {shapes.map((one) => (
                    <span key={one} class="nowrap">
                      <span class={`tone-${lookOf(one).tone}`}><Icon name={lookOf(one).shape} size={13} /></span> {meanings[one] ?? lookOf(one).word}
                    </span>
                  ))}
                </p>
                {bad.length ? (
                  <p class="small bad">
                    Days with a failure: {bad.slice(-12).reverse().map((one) => (<Fragment key={one.day}><a href={href(one)}>{one.day}</a> </Fragment>))}
                    {bad.length > 12 ? <span class="dim">and {bad.length - 12} before</span> : null}
                  </p>
                ) : null}
                {told.counted_from && Date.parse(told.counted_from) > Date.parse(told.since) ? (
                  <p class="small dim">Counted from {told.counted_from.slice(0, 10)} on; what was before is in the history.</p>
                ) : null}
              </>
            );
          }}
        </Await>
      </div>
    </section>
  );
}
