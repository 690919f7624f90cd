import { inWords, lookOf, standingOf, worst } from '../../lib/outcomes';
import { preferences } from '../../lib/preferences';
import { complete, exact, millis, shortZone, zoneFor } from '../../lib/time';
import type { DayStrip, OverviewJob } from '../../made/api';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { link } from '../../lib/route';
import type { Scale } from '../../lib/charts/lanes';
import './Lane.css';

// A job's lane. A cell is half an hour; its height, shape and colour say the worst that became of what was due in it.
export default function Lane({ job, strip, cell, at, now }: { job: OverviewJob; strip: DayStrip | undefined; cell: number; at: Scale; now: number }) {
  const height = 28;
  const zone = zoneFor(preferences.zone, job.schedule.zone);
  const wide = Math.max(2, at.x(at.from + cell) - 1);
  const cells = (strip?.cells ?? []).map((one) => {
    const begins = millis(one.at),
      standing = worst(one.slots) ?? 'due',
      look = lookOf(standing);
    // The one that goes on reaches as far as now.
    const end = Math.min(at.x(begins) + wide, Math.max(at.x(now) - 1, at.x(begins) - 1)),
      x = Math.min(at.x(begins), end - 3);
    return {
      at: begins,
      x,
      wide: end - x,
      look,
      tall: { good: 12, quiet: 12, busy: 16, warn: 20, bad: 26 }[look.tone],
      title: `${exact(begins, { zone, now, date: false })}: ${inWords(one.slots)}`,
      href: link('/history', {}, { job: job.job, since: one.at, until: new Date(begins + cell).toISOString() }),
    };
  });
  const sums = (strip?.cells ?? []).reduce<Record<string, number>>((all, one) => {
    for (const [what, count] of Object.entries(one.slots)) all[what] = (all[what] ?? 0) + count;
    return all;
  }, {});
  const ticks = job.coming.map((run) => ({ run, x: at.x(millis(run.at)) })).filter(({ run, x }) => millis(run.at) > now && x <= at.width);
  // The API names so many of what comes; where it names no more, it goes on.
  const cutOff = job.coming.length >= 24 ? at.x(millis(job.coming.at(-1)?.at ?? '')) : at.width;
  const comes = ticks.length ? `${ticks.length} due in what is shown of what comes.` : 'Nothing comes in what is shown.';
  const label = `${job.job}, the last day: ${inWords(sums) || 'nothing was due'}. ${comes}`;
  return (
    <div class="OverviewLane lane">
      <div class="name">
        <a href={`/jobs/${encodeURIComponent(job.job)}`}>{job.job}</a>
        <span class="small dimmer" title={job.schedule.description}>{job.schedule.description}, {shortZone(job.schedule.zone)}</span>
      </div>
      <svg width={at.width} height={height} viewBox={`0 0 ${at.width} ${height}`} role="group" aria-label={label}>
        <line class="rule" x1="0" x2={at.width} y1={height - 0.5} y2={height - 0.5} />
        {cells.map((one) => (
          <a key={one.at} href={one.href} aria-label={one.title} tabindex={-1}>
            <title>{one.title}</title>
            <rect class="target" x={one.x} y="0" width={one.wide} height={height} />
            <rect class={`fill-${one.look.tone}`} x={one.x} y={height - one.tall} width={one.wide} height={one.tall} />
            {one.look.tone === 'bad' ? <path class="mark" d={`M${one.x + one.wide / 2 - 2.5} ${height - one.tall + 4}l5 5m0-5l-5 5`} /> : null}
          </a>
        ))}
        {cutOff < at.width ? <line class="on" x1={cutOff + 3} x2={at.width} y1={height - 5} y2={height - 5}><title>and so on</title></line> : null}
        {ticks.map(({ run, x }) => (
          <g key={run.at}>
            <title>
              {complete(millis(run.at), zone)}
              {run.note ? ` — ${run.note}` : ''}
            </title>
            {run.lost ? <path class="lost" d={`M${x - 3} 12l6 6m0-6l-6 6`} /> : (
              <>
                <line class="tick" x1={x} x2={x} y1="10" y2={height} />
                {run.note ? <circle class="noted" cx={x} cy="7" r="2.5" /> : null}
              </>
            )}
          </g>
        ))}
        <line class="now" x1={at.x(now)} x2={at.x(now)} y1="0" y2={height} />
      </svg>
      <div class="last small">
        {job.running ? <Outcome standing="running" /> : job.last ? <Outcome standing={standingOf(job.last)} /> : <span class="dimmer">not yet worked</span>}
        <span class="dim">
          {!job.enabled ? 'switched off'
            : job.paused ? 'paused'
            : !job.next ? 'never due'
            : millis(job.next) <= now ? 'due now'
            : <>next <Time at={job.next} zone={job.schedule.zone} as="relative" /></>}
        </span>
      </div>
    </div>
  );
}
