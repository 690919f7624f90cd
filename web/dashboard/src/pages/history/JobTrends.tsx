import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { link } from '../../lib/route';
import { millis, span } from '../../lib/time';
import type { Spread } from '../../made/api';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Time from '../../lib/ui/Time';
import Lines from './Lines';
import { failing, had, lines, parts, share } from './trends';
import './JobTrends.css';

const measures = [['duration_ms', 'How long it took'], ['lateness_ms', 'How late it began']] as const;
const below = ({ p50, p95, p99 }: Spread) => `half below ${span(p50)}, 95 % below ${span(p95)}, 99 % below ${span(p99)}`;
const date = (at: number) => new Date(at).toISOString().slice(0, 10);

// One job's percentiles by days or weeks, as charts and as a table.
export default function JobTrends({ job, since, by }: { job: string; since: string; by: 'day' | 'week' }) {
  const stats = useLoaded((signal) => get('/jobs/{job}/statistics', { path: { job }, query: { since, by } }, signal), [job, since, by]);
  const step = (by === 'week' ? 7 : 1) * 86_400_000;
  return (
    <Await of={stats} rows={8} what="The figures could not be loaded">
      {(told) =>
        told.slots === 0 ? <Empty title="Nothing was due in that time">Look further back, or at another job.</Empty> : (
          <>
            <p class="dim">
              {told.slots.toLocaleString('en')} slots, {share(failing(told), told.slots)} failed.{' '}
              {told.counted_from ? <>Of the days that are not summed up yet, what was due before <Time at={told.counted_from} /> is not counted.</> : null}
            </p>
            {measures.map(([measure, title]) => (
              <section key={measure} class="JobTrends" aria-label={title}>
                <h2>{title}</h2>
                <Lines
                  lines={lines(told.periods, measure, by)}
                  from={millis(told.since)}
                  to={millis(told.until)}
                  label={`${title}, by ${by}: of all, ${below(told[measure])}`}
                />
              </section>
            ))}
            <details class="JobTrends">
              <summary>As a table</summary>
              <div class="wide">
                <table>
                  <thead>
                    <tr>
                      <th>From (UTC)</th>
                      <th class="end">Slots</th>
                      <th class="end">Failed</th>
                      {parts.map((part) => <th key={part} class="end">Took {part}</th>)}
                      {parts.map((part) => <th key={part} class="end">Late {part}</th>)}
                    </tr>
                  </thead>
                  <tbody>
                    {told.periods.map((one) => (
                      <tr key={one.begins}>
                        <td class="nowrap">
                          <a href={link('/history', {}, { job, since: date(millis(one.begins)), until: date(millis(one.begins) + step) })}>
                            {date(millis(one.begins))}
                          </a>
                        </td>
                        <td class="end">{one.slots}</td>
                        <td class="end">{failing(one) || ''}</td>
                        {parts.map((part) => <td key={part} class="end nowrap">{had(one.duration_ms) ? span(one.duration_ms[part]) : ''}</td>)}
                        {parts.map((part) => <td key={part} class="end nowrap">{had(one.lateness_ms) ? span(one.lateness_ms[part]) : ''}</td>)}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </details>
          </>
        )}
    </Await>
  );
}
