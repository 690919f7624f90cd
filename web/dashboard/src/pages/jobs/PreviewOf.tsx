import type { SchedulePreview, ScheduleRuns } from '../../made/api';
import Icon from '../../lib/ui/Icon';
import { loadPath } from './charts';
import Runs from './Runs';
import './PreviewOf.css';

const width = 600, height = 56;

function Side({ title, runs }: { title: string; runs: ScheduleRuns }) {
  const shown = runs.runs.slice(0, 5);
  return (
    <section class="PreviewOf">
      <h3>{title}</h3>
      <p>{runs.description}, {runs.zone}</p>
      <Runs runs={shown} zone={runs.zone} />
      {runs.warnings.filter((one) => !shown.some((run) => run.note.includes(one.text))).map((one) => (<p key={one.text} class="small tone-warn"><Icon name="warning" /> {one.text}</p>))}
    </section>
  );
}

// What another schedule would do, beside what is: next runs, notes on the clocks, overlaps and the day's load.
export default function PreviewOf({ told, changed }: { told: SchedulePreview; changed: boolean }) {
  const { minutes, before, after, overlaps } = told.day;
  const beside = overlaps.filter((one) => one.before || one.after);
  const most = Math.max(1, before.most_running, after.most_running);
  return (
    <>
      <div class="PreviewOf two">
        <Side title="Now" runs={told.before} />
        <Side title={changed ? 'Then' : 'Then (as it is)'} runs={told.after} />
      </div>
      <section class="PreviewOf load">
        <h3>The day that follows</h3>
        <p class="small">
          At most {before.most_running} at once now, {after.most_running} then. Held up, as workers, limits or other slots make them begin late: {before.held_up} now, {after.held_up} then.{' '}
          {beside.length ? `Beside others: ${beside.map((one) => `${one.job} ${one.before} → ${one.after}`).join(', ')}.` : 'It lies beside no other job.'}
        </p>
        {changed && minutes.length ? (
          <>
            <svg
              role="img"
              aria-label={`How much would run at once: at most ${before.most_running} now, ${after.most_running} then`}
              viewBox={`0 0 ${width} ${height}`}
              preserveAspectRatio="none"
            >
              <path class="before" d={loadPath(told.day, 'before', width, height, most)} />
              <path class="after" d={loadPath(told.day, 'after', width, height, most)} />
            </svg>
            <p class="small dim">Only minutes that change: <span class="key before">now</span> <span class="key after">then</span></p>
          </>
        ) : null}
      </section>
    </>
  );
}
