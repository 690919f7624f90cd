import type { Change, JobDetails } from '../../made/api';
import { limitsOf } from '../../lib/alerts';
import { get, send } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { lacks } from '../../lib/permissions';
import { link } from '../../lib/route';
import { session } from '../../lib/session';
import Action from '../../lib/ui/Action';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Time from '../../lib/ui/Time';
import { same, touched } from './preview';
import './JobChanges.css';

// Rules that look at nodes and what these stand on say nothing of a job.
const ofService = new Set(['outbox_behind', 'database_slow', 'database_lost', 'disk_filling', 'clock_off', 'node_gone', 'audit_broken', 'invariant_broken',
  'reload_failed', 'notifier_failing', 'auditor_differs']);
const said = (values: Change['was'], key: string) => values.find((one) => one.key === key)?.value ?? '';
const timing = ['schedule', 'zone', 'dst'];
const none = { value: undefined, etag: '', next: null };
const keysOf = ({ was, became }: Change) => [...new Set([...was, ...became].map((one) => one.key))].filter((key) => said(was, key) !== said(became, key));

// What people changed live, with a way back; and what is looked for, so that somebody is told.
export default function JobChanges({ job, etag, again }: { job: JobDetails; etag: string; again: () => void }) {
  const name = job.job;
  const second = job.second_person ? ' Somebody else has to agree first.' : '';
  const changes = useLoaded((signal) => get('/jobs/{job}/changes', { path: { job: name }, query: { limit: 100 } }, signal), [name, job.version]);
  // What the files say where something else is live; where nothing is, the job says it.
  const drift = useLoaded(async (signal) => (lacks(session.me, 'settings') ? none : get('/config/drift', {}, signal)), [job.version]).value?.items;
  const filed = (key: string) => {
    const set = job.settings.find((one) => one.key === key), live = set?.origin.startsWith('live');
    const value = live ? drift?.find((one) => one.job === name && one.key === key)?.file : set?.value.replaceAll('"', '');
    return `${value ? `${value}, ` : ''}as the files say`;
  };
  const now = { ...job.schedule, schedule: job.schedule.expression };
  const rules = useLoaded((signal) => get('/alert-rules', {}, signal), []);
  return (
    <>
      <section class="JobChanges" aria-labelledby="changes">
        <h2 id="changes">Live changes</h2>
        <Await of={changes} rows={4} height={64} what="Its changes could not be loaded">
          {({ items }) => {
            if (!items.length) return <Empty title="Nothing was changed live">All of it goes by the files.</Empty>;
            const undone = new Set(items.map((one) => one.undoes));
            return (
              <ol class="changes" reversed>
                {items.map((one) => {
                  const [schedule = '', zone, dst] = timing.map((key) => said(one.became, key));
                  const then = { schedule, zone: zone || now.zone, dst: dst || now.dst };
                  return (
                    <li key={one.version}>
                      <div class="what">
                        <p>
                          <strong>{one.act.replaceAll(/[._]/g, ' ')}</strong>
                          {one.undoes ? `, takes back version ${one.undoes}` : ''}{' '}
                          <span class="dim">by {one.author}, <Time at={one.at} zone={job.schedule.zone} as="both" /></span>
                        </p>
                        {keysOf(one).map((key) => (
                          <p key={key} class="small">
                            <code>{key}</code>: <del>{said(one.was, key) || filed(key)}</del> → <ins>{said(one.became, key) || filed(key)}</ins>
                          </p>
                        ))}
                        <p class="small dim">{one.reason}</p>
                        {schedule && keysOf(one).some((key) => timing.includes(key)) && !same(now, then) ? (
                          <Action
                            change="PUT /jobs/{job}/schedule"
                            job={name}
                            label="Go back to this schedule"
                            plain
                            says={`${schedule}, ${then.zone}, is in force on every node within a second.${second}`}
                            does={(reason) => ({
                              change: 'PUT /jobs/{job}/schedule',
                              order: { path: { job: name }, body: { ...touched(now, then), reason }, ifMatch: etag },
                              done: `${name} goes by the schedule of version ${one.version} again.`,
                            })}
                            undo={(reason) => send('POST /jobs/{job}/undo', { path: { job: name }, body: { reason } })}
                            done={again}
                          />
                        ) : null}
                      </div>
                      {undone.has(one.version) ? (
                        <span class="small dimmer">taken back</span>
                      ) : (
                        <Action
                          change="POST /jobs/{job}/undo"
                          job={name}
                          label="Take back"
                          title={`Take version ${one.version} back`}
                          plain
                          says={`What it changed is again what it was before, on every node within a second; what was set since stays.${second}`}
                          does={(reason) => ({
                            change: 'POST /jobs/{job}/undo',
                            order: { path: { job: name }, body: { version: one.version, reason }, ifMatch: etag },
                            done: `Version ${one.version} is taken back.`,
                          })}
                          done={again}
                        />
                      )}
                    </li>
                  );
                })}
              </ol>
            );
          }}
        </Await>
      </section>
      <section class="JobChanges rules" aria-labelledby="rules">
        <header>
          <h2 id="rules">Alert rules</h2>
          <a class="small" href={link('/alerts', {}, { job: name })}>Its alerts</a>
        </header>
        <Await of={rules} rows={6} what="The rules could not be loaded">
          {({ items }) => {
            const mine = new Set(items.filter((one) => one.job === name).map((one) => one.rule));
            return (
              <table>
                <thead>
                  <tr>
                    <th scope="col">Rule</th>
                    <th scope="col">Looks for</th>
                    <th scope="col">From where on</th>
                  </tr>
                </thead>
                <tbody>
                  {items.filter((one) => one.job === name || (!one.job && !mine.has(one.rule) && !ofService.has(one.rule))).map((one) => (
                    <tr key={one.rule} class={one.enabled ? '' : 'off'}>
                      <th scope="row">
                        <a href={`/api/v1/runbook/${one.rule}`} target="_blank">{one.rule.replaceAll('_', ' ')}</a>
                        <span class="small dim">{one.severity}{one.job ? ', of this job' : ''}{one.enabled ? '' : ', off'}</span>
                      </th>
                      <td>{one.looks_for}</td>
                      <td class="small">{limitsOf(one) || 'at once'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            );
          }}
        </Await>
      </section>
    </>
  );
}
