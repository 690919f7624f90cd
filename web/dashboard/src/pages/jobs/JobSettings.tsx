import type { JobDetails, TokenList } from '../../made/api';
import { get, type Change } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { permit, right } from '../../lib/permissions';
import { session } from '../../lib/session';
import Await from '../../lib/ui/Await';
import Icon from '../../lib/ui/Icon';
import { keptFrom, rolesOf } from './may';
import './JobSettings.css';

const acts: [string, Change][] = [
  ['Run it', 'POST /jobs/{job}/run'],
  ['Pause, resume, switch off and on', 'POST /jobs/{job}/pause'],
  ['Change schedule and priority, take back', 'PUT /jobs/{job}/schedule'],
  ['Backfill', 'POST /jobs/{job}/backfills'],
  ['Cancel', 'POST /slots/{slot}/cancel'],
  ['Decide an unknown outcome', 'POST /slots/{slot}/decide'],
];
const none: TokenList = { items: [], next: null };

// What it is made of and where each setting comes from; and who may act on it.
export default function JobSettings({ job }: { job: JobDetails }) {
  const seesTokens = session.may('tokens');
  const tokens = useLoaded(async (signal) => (seesTokens ? get('/tokens', {}, signal) : { value: none, etag: '', next: null }), [seesTokens]);
  const roles = rolesOf(job);
  const covers = (pattern: string) => (pattern.endsWith('*') ? job.job.startsWith(pattern.slice(0, -1)) : pattern === job.job);
  const holders = (list: TokenList, wanted: string) => new Set(list.items
    .filter((one) => !one.revoked_at && (roles?.includes(one.role) ?? true) && one.rights.includes(wanted) && (!one.jobs.length || one.jobs.some(covers)))
    .map((one) => one.name));
  return (
    <>
      <section class="JobSettings" aria-labelledby="settings">
        <h2 id="settings">Settings in force</h2>
        <table class="settings">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {job.settings.map((one) => (
              <tr key={one.key} class={one.origin.startsWith('live') ? 'live' : ''}>
                <th scope="row"><code>{one.key}</code></th>
                <td><code>{one.value}</code></td>
                <td class="small dim">{one.origin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="JobSettings who" aria-labelledby="who">
        <h2 id="who">Who may act on it</h2>
        <p class="small dim">
          {job.second_person
            ? 'What is done to it by hand (run, backfill, schedule, priority, switch on) needs a second person.'
            : 'One person is enough for what is done to it by hand.'}
        </p>
        <Await of={tokens} rows={6} what="Who may could not be loaded">
          {(list) => (
            <table>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">You</th>
                  {seesTokens ? <th scope="col">Tokens that may</th> : null}
                </tr>
              </thead>
              <tbody>
                {acts.map(([what, change]) => {
                  const why = permit(session.me, change, job.job).why || keptFrom(job, session.me?.role);
                  return (
                    <tr key={what}>
                      <th scope="row">{what}</th>
                      <td>
                        {why ? <span class="tone-quiet"><Icon name="bar" /> {why}</span> : <span class="tone-good nowrap"><Icon name="tick" /> may</span>}
                      </td>
                      {seesTokens ? <td class="small dim">{[...holders(list, right(change))].join(', ')}</td> : null}
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </Await>
      </section>
    </>
  );
}
