import { Fragment } from 'preact';
import { useWidth } from '../../lib/own';
import { span } from '../../lib/time';
import { marks, most, type Line } from './trends';
import './Lines.css';

// Percentiles by days: three lines, told apart by their dashes and the words at their ends.
export default function Lines({ lines, from, to, label, height = 180 }: { lines: Line[]; from: number; to: number; label: string; height?: number }) {
  const [widthBox, width] = useWidth();
  const left = 64;
  const right = 36;
  const top = 10;
  const bottom = 22;
  const scale = marks(most(lines));
  const highest = scale.at(-1) ?? 1;
  const x = (at: number) => left + ((at - from) / Math.max(1, to - from)) * Math.max(1, width - left - right);
  const y = (value: number) => top + (1 - value / highest) * (height - top - bottom);
  const path = (points: { at: number; value: number }[]) =>
    points.map((one, index) => `${index ? 'L' : 'M'}${x(one.at).toFixed(1)} ${y(one.value).toFixed(1)}`).join('');
  const day = (at: number) => new Date(at).toISOString().slice(5, 10);
  const dates = Array.from({ length: width < 500 ? 3 : 5 }, (_, index, all = width < 500 ? 2 : 4) => from + ((to - from) * index) / all);
  // Words at the ends of lines do not lie on each other.
  let low = Infinity;
  const ends = lines
    .map((line) => ({ part: line.part, last: line.points.at(-1)?.at(-1)?.value }))
    .flatMap(({ part, last }) => (last === undefined ? [] : [{ part, last }]))
    .sort((a, b) => b.last - a.last)
    .reverse()
    .map(({ part, last }) => {
      low = Math.min(y(last), low - 12);
      return { part, at: low };
    });
  return (
    <div class="Lines" ref={widthBox} style={{ height: `${height}px` }}>
      {width ? (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
          {scale.map((mark) => (
            <Fragment key={mark}>
              <path class="rule" d={`M${left} ${y(mark)}H${width - right}`} />
              <text x={left - 8} y={y(mark) + 4} text-anchor="end">{mark ? span(mark) : '0'}</text>
            </Fragment>
          ))}
          {dates.map((at, index) => (
            <text key={index} x={x(at)} y={height - 5} text-anchor={index === 0 ? 'start' : index === dates.length - 1 ? 'end' : 'middle'}>{day(at)}</text>
          ))}
          {lines.map((line) => (
            <Fragment key={line.part}>
              {line.points.map((points, index) => (
                <Fragment key={index}>
                  <path class={`line ${line.part}`} d={path(points)} />
                  {points.length === 1 ? <circle class={line.part} cx={x(points[0]?.at ?? 0)} cy={y(points[0]?.value ?? 0)} r="2.5" /> : null}
                </Fragment>
              ))}
            </Fragment>
          ))}
          {ends.map((end) => <text key={end.part} class="name" x={width - right + 6} y={Math.max(10, end.at + 4)}>{end.part}</text>)}
        </svg>
      ) : null}
    </div>
  );
}
