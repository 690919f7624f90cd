import { preferences } from '../preferences';
import { shortZone, zoneFor } from '../time';
import { hours, type Scale } from './lanes';
import './LaneAxis.css';

export default function LaneAxis({ at, now }: { at: Scale; now: number }) {
  const zone = zoneFor(preferences.zone);
  const clear = (x: number) => Math.abs(x - at.x(now)) > 62 && x > 12 && x < at.width - 12;
  return (
    <svg class="LaneAxis" width={at.width} height="20" viewBox={`0 0 ${at.width} 20`} role="img" aria-label={`Hours in ${zone}`}>
      {hours(at, zone).filter((mark) => clear(at.x(mark.at))).map((mark) => (
        <text key={mark.at} x={at.x(mark.at)} y="14" text-anchor="middle">{mark.label}</text>
      ))}
      <text class="now" x={Math.max(30, Math.min(at.x(now), at.width - 32))} y="14" text-anchor="middle">now · {shortZone(zone)}</text>
    </svg>
  );
}
