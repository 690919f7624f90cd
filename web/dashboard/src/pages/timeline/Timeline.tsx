import { useEffect, useMemo, useRef } from 'preact/hooks';
import { clock } from '../../lib/clock';
import { keys } from '../../lib/keys';
import { useOwn, useWidth } from '../../lib/own';
import { preferences } from '../../lib/preferences';
import { place } from '../../lib/router';
import { zoneFor } from '../../lib/time';
import Empty from '../../lib/ui/Empty';
import Problem from '../../lib/ui/Problem';
import Skeleton from '../../lib/ui/Skeleton';
import Tabs from '../../lib/ui/Tabs';
import Time from '../../lib/ui/Time';
import { tabs } from './Agenda';
import Axis from './Axis';
import Chart from './Chart';
import Controls from './Controls';
import InView from './InView';
import { lanesOf } from './layout';
import Legend from './Legend';
import { useSlots } from './slots';
import { changes, ticks } from './ticks';
import { addressOf, panned, spanAddress, viewOf, width, zoomed, type View } from './view';
import './Timeline.css';

// All jobs as lanes: when each slot was due, when it was worked, and what comes. The address says which part is seen.
export default function Timeline() {
  const own = useOwn(() => ({ moved: null as View | null }));
  const axis = useRef<HTMLDivElement>(null);
  const [box, pixels] = useWidth();
  const both = useMemo(() => (element: HTMLDivElement | null) => { axis.current = element; box(element); }, []);
  const five = Math.floor(clock.now / 5000) * 5000;
  const said = useMemo(() => viewOf((name) => place.word(name), five), [place.query, five]);
  const view = own.moved ?? said.view;
  const zone = zoneFor(preferences.zone);
  const told = useSlots(view);
  const lanes = useMemo(() => (told.value ? lanesOf(told.value, clock.now) : []), [told.value]);
  const wanted = place.word('q').toLowerCase();
  const shown = useMemo(() => lanes.filter((lane) => lane.job.toLowerCase().includes(wanted)), [lanes, wanted]);
  const marks = useMemo(() => ticks(view, pixels, zone), [view, pixels, zone]);
  const shifts = useMemo(() => changes(view, zone), [view, zone]);

  // Several moves may come before one is drawn.
  const last = useRef(view);
  last.current = view;
  const settling = useRef(0);
  function move(next: View) {
    own.moved = last.current = next;
    clearTimeout(settling.current);
    settling.current = window.setTimeout(() => { place.filter(addressOf(next)); own.moved = null; }, 250);
  }
  useEffect(() => () => clearTimeout(settling.current), []);
  const pan = (part: number) => move(panned(last.current, part));
  const zoom = (factor: number, at = 0.5) => move(zoomed(last.current, factor, last.current.from + width(last.current) * at));
  function show(span: number) {
    clearTimeout(settling.current);
    own.moved = null;
    place.filter(spanAddress(span), { push: true });
  }
  useEffect(
    () => keys.bind({ keys: '+', what: 'Zoom in', run: () => zoom(0.5) }, { keys: '=', what: 'Zoom in', run: () => zoom(0.5) },
      { keys: '-', what: 'Zoom out', run: () => zoom(2) }, { keys: 'n', what: 'To now', run: () => show(width(last.current)) }),
    [],
  );

  return (
    <>
      <h1 tabindex={-1}>Time line</h1>
      <Tabs tabs={tabs} label="About time" />
      <Controls view={view} follows={said.follows && !own.moved} pan={pan} zoom={zoom} show={show} />
      {told.problem ? <Problem problem={told.problem} what="The time line could not be loaded" again={() => void told.again()} /> : null}
      <div class="Timeline axis">
        <div ref={both}>{pixels ? <Axis view={view} pixels={pixels} ticks={marks} changes={shifts} now={clock.now} zone={zone} /> : null}</div>
      </div>
      {told.value && pixels ? (
        <>
          <Chart
            lanes={shown}
            view={view}
            still={said.view}
            pixels={pixels}
            ticks={marks}
            changes={shifts}
            zone={zone}
            axis={axis}
            move={move}
            pan={pan}
            zoom={zoom}
          />
          {shown.length ? null : (
            <Empty title={lanes.length ? 'No job is called so' : 'There is no job'}>
              {lanes.length ? 'Take letters away above.' : 'Jobs stand in files beside the settings.'}
            </Empty>
          )}
          <div class="Timeline below">
            {told.value.cell_ms ? (
              <p class="small dim">
                More was worked here than can be drawn one by one: each block counts {Math.round(told.value.cell_ms / 60_000)} min. Zoom in for each.
                {told.value.counted_from ? <> What was due before <Time at={told.value.counted_from} /> is not counted.</> : null}
              </p>
            ) : null}
            <Legend />
            <InView lanes={shown} view={said.view} />
          </div>
        </>
      ) : told.problem ? null : <Skeleton rows={8} height={40} />}
    </>
  );
}
