import { Fragment } from 'preact';
import type { JobDetails, Statistics } from '../../made/api';
import { get } from '../../lib/api';
import Flag from '../../lib/charts/Flag';
import Sparkline from '../../lib/charts/Sparkline';
import { useLoaded } from '../../lib/loaded';
import { useWidth } from '../../lib/own';
import { link } from '../../lib/route';
import { span } from '../../lib/time';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import { ceiling, took, trends, type Took } from './charts';
import './Durations.css';

const height = 176, low = 18, left = 52;

function Bars({ all, spread, width }: { all: Took[]; spread: Statistics['duration_ms'] | undefined; width: number }) {
  const top = ceiling(Math.max(...all.map((one) => one.ms), spread?.p90 ?? 0));
  const y = (ms: number) => height - low - (ms / top) * (height - low - 14);
  const step = (width - left) / Math.max(20, all.length);
  const marks = spread?.count ? [{ what: 'p50', ms: spread.p50, x: 4 }, { what: 'p90', ms: spread.p90, x: 40 }].filter((one) => one.ms <= top) : [];
  return (
    <svg width={width} height={height} role="group" aria-label={`The last ${all.length} attempts, the newest at the right`}>
      {[0, top / 2, top].map((ms) => (
        <Fragment key={ms}>
          <line class="rule" x1={left} x2={width} y1={y(ms)} y2={y(ms)} />
          <text x={left - 6} y={y(ms) + 4} text-anchor="end">{ms ? span(ms) : '0'}</text>
        </Fragment>
      ))}
      {all.map(({ slot, look, ms }, at) => {
        const x = width - (all.length - at) * step;
        const tall = Math.max(2, height - low - y(ms));
        return (
          <a key={slot.id} href={link('/executions/:id', { id: slot.execution })} tabindex={-1} aria-label={`${slot.scheduled_for}: ${look.word}, ${span(ms)}`}>
            <title>{slot.scheduled_for.slice(0, 16).replace('T', ' ')} UTC: {look.word}, {span(ms)}</title>
            <rect class="target" x={x} y="0" width={step} height={height - low} />
            <rect class={`fill-${look.tone}`} x={x + 1} y={height - low - tall} width={Math.max(2, Math.min(12, step - 2))} height={tall} rx="1" />
            <Flag tone={look.tone} x={x + 1} y={height - low - tall - 8} />
          </a>
        );
      })}
      {marks.map(({ what, ms, x }) => (
        <Fragment key={what}>
          <line class="mark" x1={left} x2={width} y1={y(ms)} y2={y(ms)} />
          <text class="what" x={left + x} y={y(ms) - 4}>{what}</text>
        </Fragment>
      ))}
      <text x={left} y={height - 3}>{all[0]?.slot.scheduled_for.slice(0, 10)}</text>
      <text x={width} y={height - 3} text-anchor="end">{all.at(-1)?.slot.scheduled_for.slice(0, 10)}</text>
    </svg>
  );
}

function Trends({ of }: { of: Statistics }) {
  return (
    <dl class="trends">
      {trends(of.periods).map(({ what, values, now, before, kind }) => {
        const say = (value: number) => (kind === 'span' ? span(Math.round(value)) : `${(value * 100).toFixed(value ? 1 : 0)} %`);
        return (
          <div key={what}>
            <dt class="small dim">{what}</dt>
            <dd>
              <Sparkline values={values} label={`${what}: ${say(now)} lately, ${say(before)} before`} />
              <span><strong>{say(now)}</strong> <span class="small dim">before {say(before)}</span></span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

// How long the last attempts took and how they ended, with the percentiles of thirty days, and where these go.
export default function Durations({ job }: { job: JobDetails }) {
  const name = job.job;
  const last = job.last?.id;
  const slots = useLoaded((signal) => get('/slots', { query: { job: name, state: 'ended', limit: 120 } }, signal), [name, last]);
  const month = useLoaded((signal) => get('/jobs/{job}/statistics', { path: { job: name }, query: { by: 'day' } }, signal), [name, last]);
  const spread = month.value?.duration_ms;
  const [widthBox, width] = useWidth();
  return (
    <section class="Durations" aria-labelledby="took">
      <header>
        <h2 id="took">How long it takes</h2>
        <span class="small dim">
          {spread?.count ? `of 30 days: half within ${span(spread.p50)}, 9 of 10 within ${span(spread.p90)}, 99 of 100 within ${span(spread.p99)}` : '\u00a0'}
        </span>
      </header>
      <div class="chart" ref={widthBox}>
        <Await of={slots} rows={4} what="Its attempts could not be loaded">
          {(page) => {
            const all = took(page.items).slice(-Math.max(20, Math.floor((width - left) / 7)));
            if (!width) return null;
            if (all.length) return <Bars all={all} spread={spread} width={width} />;
            return <Empty title="It was not worked yet">{job.next ? 'What it takes is shown once it was.' : 'It is never due by itself; run it now.'}</Empty>;
          }}
        </Await>
      </div>
      {month.value ? <Trends of={month.value} /> : null}
    </section>
  );
}
