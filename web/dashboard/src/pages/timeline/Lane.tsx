import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { useOwn } from '../../lib/own';
import Card from './Card';
import { endOf, seen, type Bar, type LaneOf } from './layout';
import { height, paint, rowHeight, type Colours } from './paint';
import type { ClockChange, Tick } from './ticks';
import type { View } from './view';
import { inWords, laneInWords } from './words';
import './Lane.css';

// One job's lane: its canvas, and over it a link to the bar that was chosen, with a card of what it was.
export default function Lane({
  lane,
  view,
  still,
  pixels,
  now,
  colours,
  ticks,
  changes,
  zone,
  chosen,
}: {
  lane: LaneOf;
  view: View;
  still: View; // what its label tells of: it is not told anew while somebody drags
  pixels: number;
  now: number;
  colours: Colours;
  ticks: Tick[];
  changes: ClockChange[];
  zone: string;
  chosen: Bar | undefined; // of this lane
}) {
  const own = useOwn(() => ({ near: false }));
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => { own.near = seen.at(-1)?.isIntersecting ?? false; }, { rootMargin: '200px' });
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const sharp = Math.min(2, devicePixelRatio);
  // With what else is drawn: no frame shows old bars beneath a new axis.
  useLayoutEffect(() => {
    if (!canvas.current || !own.near || !pixels) return;
    if (canvas.current.width !== Math.round(pixels * sharp)) canvas.current.width = Math.round(pixels * sharp);
    if (canvas.current.height !== height * sharp) canvas.current.height = height * sharp;
    const pen = canvas.current.getContext('2d');
    if (!pen) return;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    paint({ pen, width: pixels, view, now, colours, ticks, changes }, lane);
  }, [own.near, pixels, view, now, colours, ticks, changes, lane]);
  const x = (at: number) => ((at - view.from) / (view.to - view.from)) * pixels;
  const label = useMemo(() => {
    if (!own.near) return lane.job;
    const coming = lane.coming.filter((run) => run.at <= still.to && run.at >= still.from && !run.lost);
    return laneInWords(lane, lane.bars.filter((bar) => seen(bar, still, now)), coming, now);
  }, [own.near, lane, still, now]);
  const left = chosen ? Math.max(0, x(chosen.begin)) : 0;
  const at = chosen && seen(chosen, view, now) && {
    left,
    wide: Math.min(pixels, Math.max(left + 4, x(endOf(chosen, now)))) - left,
    top: 5 + chosen.row * rowHeight(lane.rows),
    tall: rowHeight(lane.rows),
  };
  const above = Boolean(at) && (box.current?.getBoundingClientRect().bottom ?? 0) + 180 > innerHeight;
  return (
    <div class="TimelineLane lane">
      <a class="name" href={`/jobs/${encodeURIComponent(lane.job)}`}>{lane.job}</a>
      <div class="sheet" ref={box} data-lane={lane.job}>
        <div role="img" aria-label={label}><canvas ref={canvas} style={{ width: `${pixels}px`, height: `${height}px` }} /></div>
        {chosen && at ? (
          <>
            <a
              class="chosen"
              draggable={false}
              href={`/slots/${chosen.slot}`}
              aria-label={inWords(lane.job, chosen, zone, now)}
              style={{ left: `${at.left - 3}px`, top: `${at.top - 2}px`, width: `${at.wide + 6}px`, height: `${at.tall + 2}px` }}
            />
            <div class={`card ${above ? 'above' : ''}`} style={{ left: `${Math.max(0, Math.min(pixels - 288, at.left))}px` }}>
              <Card job={lane.job} bar={chosen} now={now} />
            </div>
          </>
        ) : null}
      </div>
    </div>
  );
}
