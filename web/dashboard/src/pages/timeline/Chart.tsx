import { useEffect, useRef } from 'preact/hooks';
import { clock } from '../../lib/clock';
import { keys } from '../../lib/keys';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import { gestures, type Moves } from './gestures';
import Lane from './Lane';
import { barAt, nearest, neighbour, type Bar, type LaneOf } from './layout';
import { useColours } from './look';
import { height } from './paint';
import type { ClockChange, Tick } from './ticks';
import { panned, width, type View } from './view';

// The lanes, moved by mouse, fingers and keys, and the bar of one that was chosen.
export default function Chart({
  lanes,
  view,
  still,
  pixels,
  ticks,
  changes,
  zone,
  axis,
  move,
  pan,
  zoom,
}: {
  lanes: LaneOf[];
  view: View;
  still: View; // where it was before somebody began to drag
  pixels: number;
  ticks: Tick[];
  changes: ClockChange[];
  zone: string;
  axis: { readonly current: HTMLElement | null };
  move: (view: View) => void;
  pan: (part: number) => void;
  zoom: (factor: number, at: number) => void;
}) {
  const own = useOwn(() => ({ chosen: null as { job: string; slot: string; pinned: boolean } | null }));
  const chart = useRef<HTMLDivElement>(null);
  const colours = useColours();
  const laneOfChosen = own.chosen ? lanes.find((lane) => lane.job === own.chosen?.job) : undefined;
  const bar = laneOfChosen?.bars.find((one) => one.slot === own.chosen?.slot);
  const follow = (slot: string) => place.go(`/slots/${slot}`);

  const part = (clientX: number) => {
    const box = axis.current?.getBoundingClientRect();
    return box?.width ? (clientX - box.left) / box.width : 0;
  };
  function pointed(event: PointerEvent) {
    const sheet = (event.target as Element).closest<HTMLElement>('[data-lane]'), lane = lanes.find((one) => one.job === sheet?.dataset.lane);
    if (!sheet || !lane) return undefined;
    const row = Math.floor(((event.clientY - sheet.getBoundingClientRect().top - 5) / (height - 10)) * lane.rows);
    const reach = (width(view) / Math.max(1, pixels)) * (event.pointerType === 'mouse' ? 5 : 16);
    const found = barAt(lane, view.from + width(view) * part(event.clientX), row, reach, clock.now);
    return found && { job: lane.job, slot: found.slot };
  }
  function hover(event: PointerEvent) {
    if (event.pointerType !== 'mouse' || event.buttons || own.chosen?.pinned) return;
    const found = pointed(event);
    if (found?.slot !== own.chosen?.slot) own.chosen = found ? { ...found, pinned: false } : null;
  }
  function tap(event: PointerEvent) {
    const found = pointed(event);
    if (found && event.pointerType === 'mouse') follow(found.slot);
    else own.chosen = found ? { ...found, pinned: true } : null;
  }
  // A drag outlasts drawings: what it does is as of the last.
  const now: Moves = { x: part, pan, zoom, tap };
  const moves = useRef(now);
  moves.current = now;
  useEffect(() => (chart.current && axis.current ? gestures(chart.current, axis.current, moves) : undefined), []);

  function choose(job: string, next: Bar | undefined) {
    if (!next) return;
    own.chosen = { job, slot: next.slot, pinned: true };
    if (next.begin < view.from || next.begin > view.to) move(panned(view, (next.begin - view.from) / width(view) - 0.5));
    requestAnimationFrame(() => chart.current?.querySelector<HTMLElement>('.chosen')?.focus());
  }
  function step(by: number) {
    const lane = laneOfChosen ?? lanes.find((one) => one.bars.length);
    if (lane) choose(lane.job, neighbour(lane, bar, by, by > 0 ? view.from : view.to));
  }
  function other(by: number) {
    const full = lanes.filter((lane) => lane.bars.length), at = full.findIndex((lane) => lane.job === own.chosen?.job);
    const lane = full[at < 0 ? 0 : at + by];
    if (lane) choose(lane.job, nearest(lane, bar?.begin ?? view.to));
  }
  function key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const does: Record<string, () => void> = {
      ArrowLeft: () => (event.shiftKey ? step(-1) : pan(-0.2)),
      ArrowRight: () => (event.shiftKey ? step(1) : pan(0.2)),
      ArrowUp: () => other(-1),
      ArrowDown: () => other(1),
      Escape: () => { own.chosen = null; chart.current?.focus(); },
    };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]?.();
  }
  useEffect(() => keys.list({ move: step, open: () => { if (own.chosen) follow(own.chosen.slot); } }));

  return (
    <div
      class="Timeline chart"
      ref={chart}
      role="group"
      tabindex={0}
      aria-label="Lanes: arrows move through time, Shift and arrows from bar to bar, up and down to another lane, plus and minus zoom"
      onKeyDown={key}
      onPointerMove={hover}
      onPointerLeave={() => { if (!own.chosen?.pinned) own.chosen = null; }}
    >
      {lanes.map((lane) => (
        <Lane
          key={lane.job}
          lane={lane}
          view={view}
          still={still}
          pixels={pixels}
          now={clock.now}
          colours={colours}
          ticks={ticks}
          changes={changes}
          zone={zone}
          chosen={lane === laneOfChosen ? bar : undefined}
        />
      ))}
    </div>
  );
}
