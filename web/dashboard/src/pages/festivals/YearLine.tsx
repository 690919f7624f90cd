import { Fragment } from 'preact';
import type { Festival } from '../../made/api';
import { clock } from '../../lib/clock';
import { useWidth } from '../../lib/own';
import { bars, monthsOf, standingOf, type Bar } from './dates';
import { looks } from './looks';
import './YearLine.css';

const day = 86_400_000;
const high = 22;
const head = 20;
const letter = 7;

// The year around now: a bar for each festival, in lanes where they overlap.
export default function YearLine({ festivals }: { festivals: Festival[] }) {
  const [box, width] = useWidth();
  const today = Math.floor(clock.now / day) * day;
  const from = today - 45 * day;
  const to = today + 320 * day;
  const x = (instant: number) => ((instant - from) / (to - from)) * width;
  // A name has its room beside its bar, where there is some; on small screens the list names them.
  const named = width >= 600;
  const laid = bars(festivals, from, to, (one) => (((named ? one.name.length * letter : 0) + 12) / (width || 1)) * (to - from));
  const foot = head + Math.max(1, ...laid.map((one) => one.lane + 1)) * high;
  const every = width < 500 ? 2 : 1;
  const festival = ({ item, from: begin, to: end, lane }: Bar<Festival>) => {
    const look = looks[standingOf(item, clock.now)];
    const title = `${item.name}, ${item.country}, ${look.word}`;
    const left = x(begin), top = head + lane * high;
    const long = Math.max(4, x(end) - left);
    const behind = left + long + 4 + item.name.length * letter < width;
    return (
      <a key={item.id} href={`/festivals/${item.id}`} aria-label={title}>
        <title>{title}</title>
        <rect class="target" x={left} y={top} width={Math.max(long, 24)} height={high} />
        <rect class={`fill-${look.tone}`} x={left} y={top + 5} width={long} height={high - 10} rx="2" />
        {named ? <text class="label" x={behind ? left + long + 4 : left - 4} text-anchor={behind ? 'start' : 'end'} y={top + 15}>{item.name}</text> : null}
      </a>
    );
  };
  return (
    <div class="YearLine" ref={box}>
      {width ? (
        <svg width={width} height={foot + 4} role="group" aria-label="Festivals of the year around now">
          {monthsOf(from, to).map((month, index) => (
            <Fragment key={month.at}>
              <line class="month" x1={x(month.at)} x2={x(month.at)} y1={head - 4} y2={foot} />
              {index % every === 0 && x(month.at) < width - 26 ? <text class="name" x={x(month.at) + 3} y={head - 8}>{month.name}</text> : null}
            </Fragment>
          ))}
          {laid.map(festival)}
          <line class="now" x1={x(clock.now)} x2={x(clock.now)} y1="0" y2={foot} />
        </svg>
      ) : null}
    </div>
  );
}
