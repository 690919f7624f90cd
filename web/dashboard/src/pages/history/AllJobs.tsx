import { useEffect } from 'preact/hooks';
import { ApiProblem, get } from '../../lib/api';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import { span } from '../../lib/time';
import type { Statistics } from '../../made/api';
import Sparkline from '../../lib/charts/Sparkline';
import Problem from '../../lib/ui/Problem';
import { failing, had, parts, share } from './trends';
import './AllJobs.css';

// Percentiles of all jobs beside each other, each asked for in its turn; rows stand by name and do not move.
export default function AllJobs({ jobs, since }: { jobs: string[]; since: string }) {
  const own = useOwn(() => ({ known: {} as Record<string, Statistics>, problem: null as ApiProblem | null }));
  const most = 100;
  async function ask(signal: AbortSignal) {
    own.problem = null;
    const waiting = jobs.slice(0, most).filter((job) => !own.known[job]);
    const one = async () => {
      for (let job = waiting.shift(); job && !own.problem; job = waiting.shift()) {
        try {
          const { value } = await get('/jobs/{job}/statistics', { path: { job }, query: { since } }, signal);
          own.known = { ...own.known, [job]: value };
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof ApiProblem)) throw error;
          if (error.status !== 404) own.problem = error; // one that never had a slot has no figures
        }
      }
    };
    await Promise.all([one(), one(), one()]);
  }
  useEffect(() => {
    const stop = new AbortController();
    void ask(stop.signal);
    return () => stop.abort();
  }, [jobs.join(), since]);
  return (
    <>
      {own.problem ? <Problem problem={own.problem} what="Some figures could not be loaded" again={() => void ask(new AbortController().signal)} /> : null}
      <div class="AllJobs wide">
        <table>
          <thead>
            <tr>
              <th>Job</th>
              <th class="end">Slots</th>
              <th class="end">Failed</th>
              {parts.map((part) => <th key={part} class="end">Took {part}</th>)}
              {parts.map((part) => <th key={part} class="end">Late {part}</th>)}
              <th>p95 by day</th>
            </tr>
          </thead>
          <tbody>
            {jobs.slice(0, most).map((job) => {
              const told = own.known[job];
              return (
                <tr key={job}>
                  <td><a href={`/history/trends?job=${encodeURIComponent(job)}${place.word('days') ? `&days=${place.word('days')}` : ''}`}>{job}</a></td>
                  <td class="end">{told ? told.slots.toLocaleString('en') : ''}</td>
                  <td class={`end ${told && failing(told) > 0 ? 'tone-bad' : ''}`}>{told ? share(failing(told), told.slots) : ''}</td>
                  {parts.map((part) => <td key={part} class="end nowrap">{told && had(told.duration_ms) ? span(told.duration_ms[part]) : ''}</td>)}
                  {parts.map((part) => <td key={part} class="end nowrap dim">{told && had(told.lateness_ms) ? span(told.lateness_ms[part]) : ''}</td>)}
                  <td class="spark">
                    {told && told.periods.length > 1 ? (
                      <Sparkline
                        values={told.periods.map((one) => one.duration_ms.p95)}
                        label={`How long ${job} took: 95 % by day, the last ${span(told.periods.at(-1)?.duration_ms.p95 ?? 0)}`}
                      />
                    ) : null}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {jobs.length > most ? <p class="small dim">The first {most} of {jobs.length} jobs; choose another above.</p> : null}
    </>
  );
}
