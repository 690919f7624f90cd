import { Fragment } from 'preact';
import type { DayCell } from '../../made/api';
import { inWords, lookOf, worst } from '../../lib/outcomes';
import { millis } from '../../lib/time';
import './DayStrip.css';

const height = 24, width = 144;
const heights = { good: 9, quiet: 9, busy: 12, warn: 16, bad: 20 };

// What became of a job's slots in the last day, by half hours: height, shape and colour say the worst.
export default function DayStrip({
  cells = [],
  cell,
  from,
  to,
  job,
}: {
  cells: DayCell[] | undefined;
  cell: number;
  from: string | undefined;
  to: string | undefined;
  job: string;
}) {
  const begin = from ? millis(from) : 0, whole = Math.max(cell, (to ? millis(to) : 0) - begin);
  const wide = Math.max(2, (cell / whole) * width - 1);
  const sums: Record<string, number> = {};
  for (const one of cells) for (const [what, count] of Object.entries(one.slots)) sums[what] = (sums[what] ?? 0) + count;
  const said = inWords(sums) || 'nothing was due';
  return (
    <svg class="DayStrip" role="img" aria-label={`${job}, the last day: ${said}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>The last day: {said}</title>
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {cells.map(({ at, slots }) => {
        const { tone } = lookOf(worst(slots) ?? 'due');
        const x = Math.min(width - wide, ((millis(at) - begin) / whole) * width);
        return (
          <Fragment key={at}>
            <rect class={`fill-${tone}`} x={x} y={height - heights[tone]} width={wide} height={heights[tone]} />
            {tone === 'bad' ? <path d={`M${x - 1} 0l4 4m0-4l-4 4`} /> : null}
          </Fragment>
        );
      })}
    </svg>
  );
}
