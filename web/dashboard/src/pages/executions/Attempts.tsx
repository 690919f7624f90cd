import { Fragment } from 'preact';
import type { Execution } from '../../made/api';
import { clock } from '../../lib/clock';
import { lookOf } from '../../lib/outcomes';
import { useWidth } from '../../lib/own';
import { preferences } from '../../lib/preferences';
import { exact, millis, span, zoneFor } from '../../lib/time';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { timeLine, type Line } from './execution';
import './Attempts.css';

const high = 24, left = 84;
const counted = (tally: Record<string, unknown>) => Object.entries(tally).filter(([, value]) => typeof value !== 'object');
const rate = (value: unknown, ms: number) =>
  (typeof value === 'number' && value > 1 && ms > 0 ? `, ${Math.round(value / (ms / 1000)).toLocaleString('en')} a second` : '');

function Lanes({ line: { bars, from, to, due }, width, say }: { line: Line; width: number; say: (at: number) => string }) {
  const x = (at: number) => left + ((at - from) / (to - from)) * (width - left - 2);
  const bottom = bars.length * high;
  return (
    <svg width={width} height={bottom + 24} role="img" aria-label={bars.map((one) => one.title).slice(0, 12).join('; ')}>
      {due >= from && due <= to ? <line class="due" x1={x(due)} x2={x(due)} y1="0" y2={bottom + 4}><title>Due {say(due)}</title></line> : null}
      {bars.map((one, at) => {
        const { tone } = lookOf(one.standing);
        const begin = x(one.from), top = at * high;
        return (
          <Fragment key={one.id}>
            <text x="0" y={top + 16}>{one.label}</text>
            <line class="rule" x1={left} x2={width} y1={top + high - 2} y2={top + high - 2} />
            {!Number.isNaN(one.from) ? (
              <g>
                <title>{one.title}</title>
                <rect class={`fill-${tone}`} x={begin} y={top + 5} width={Math.max(3, x(one.to) - begin)} height={high - 10} rx="2" />
                {tone === 'bad' ? <path d={`M${begin + 4} ${top + 9}l6 6m0-6l-6 6`} /> : null}
              </g>
            ) : null}
          </Fragment>
        );
      })}
      <text x={left} y={bottom + 18}>{say(from)}</text>
      <text x={width} y={bottom + 18} text-anchor="end">{span(to - from)} later</text>
    </svg>
  );
}

// Its attempts and partitions in time, and what each came to.
export default function Attempts({ view, zone }: { view: Execution; zone: string | undefined }) {
  const now = clock.now;
  const line = timeLine(view, view.slot.state === 'ended' ? 0 : now);
  const say = (at: number) => exact(at, { zone: zoneFor(preferences.zone, zone), now, seconds: true });
  const [widthBox, width] = useWidth();
  return (
    <section class="Attempts" aria-labelledby="attempts">
      <h2 id="attempts">Attempts{view.partitions.length ? ' and parts' : ''}</h2>
      {line.bars.length ? (
        <div class="lanes" ref={widthBox}>{width ? <Lanes line={line} width={width} say={say} /> : null}</div>
      ) : (
        <p class="dim">None was made.</p>
      )}
      {line.left ? <p class="small dim">and {line.left} more parts</p> : null}
      <ol class="attempts">
        {view.attempts.map((one) => {
          const ms = millis(one.ended_at) - millis(one.started_at);
          const tally = counted(one.tally);
          return (
            <li key={one.execution}>
              <p>
                <strong>Attempt {one.attempt}</strong> <Outcome standing={one.outcome} />{' '}
                <span class="dim small">
                  node {one.node}, <Time at={one.started_at} zone={zone} seconds />, {span(ms)}{one.set_aside ? `, ${one.set_aside} set aside` : ''}
                </span>
              </p>
              {one.error ? <p class="error small">{one.error}</p> : null}
              {tally.length ? (
                <p class="small">
                  {tally.map(([what, value]) => (
                    <span key={what} class="count">
                      <span class="dim">{what.replaceAll('_', ' ')}</span> {typeof value === 'number' ? value.toLocaleString('en') : String(value)}
                      <span class="dim">{rate(value, ms)}</span>
                    </span>
                  ))}
                </p>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
