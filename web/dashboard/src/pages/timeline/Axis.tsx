import { Fragment } from 'preact';
import { shortZone } from '../../lib/time';
import type { ClockChange, Tick } from './ticks';
import type { View } from './view';
import './Axis.css';

// Hours and days of somebody's clock, now, and where that clock is changed.
export default function Axis({
  view,
  pixels,
  ticks,
  changes,
  now,
  zone,
}: {
  view: View;
  pixels: number;
  ticks: Tick[];
  changes: ClockChange[];
  now: number;
  zone: string;
}) {
  const x = (at: number) => ((at - view.from) / (view.to - view.from)) * pixels;
  const inside = (at: number, room: number) => Math.min(pixels - room, Math.max(room, x(at)));
  const nowSeen = now >= view.from && now <= view.to;
  const clear = (at: number) => x(at) > 18 && x(at) < pixels - 18 && !(nowSeen && Math.abs(x(at) - inside(now, 40)) < 66);
  return (
    <svg
      class="Axis"
      width={pixels}
      height="40"
      viewBox={`0 0 ${pixels} 40`}
      role="img"
      aria-label={`Hours in ${zone}${changes.map((one) => `; ${one.text} here`).join('')}`}
    >
      {ticks.filter((tick) => clear(tick.at)).map((tick) => (
        <text key={tick.at} class={tick.strong ? 'strong' : ''} x={x(tick.at)} y="34" text-anchor="middle">{tick.label}</text>
      ))}
      {changes.map((change) => (
        <Fragment key={change.at}>
          <text class="change" x={inside(change.at, 90)} y="14" text-anchor="middle">{change.text}</text>
          <path class="line" d={`M${x(change.at)} 18v22`} />
        </Fragment>
      ))}
      {nowSeen ? <text class="now" x={inside(now, 40)} y="34" text-anchor="middle">now · {shortZone(zone)}</text> : null}
    </svg>
  );
}
