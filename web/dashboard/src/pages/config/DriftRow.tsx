import type { Drift } from '../../made/api';
import { get, send } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import Action from '../../lib/ui/Action';
import Time from '../../lib/ui/Time';
import './DriftRow.css';

// One value that is live another than in the files, and how to bring both together.
export default function DriftRow({ one, done }: { one: Drift; done: () => void }) {
  const timing = ['schedule', 'zone', 'dst'].includes(one.key);
  const job = useLoaded((signal) => get('/jobs/{job}', { path: { job: one.job } }, signal), [one]); // whose version may be another as the drift is
  const file = one.file_origin.split(':')[0] || 'default';
  const page = `/jobs/${encodeURIComponent(one.job)}`;
  const shown = (value: string) => value || 'nothing';
  return (
    <li class="DriftRow">
      <div class="what"><a href={page}><strong>{one.job}</strong></a> <code>{one.key}</code></div>
      <dl>
        <div>
          <dt>Live</dt>
          <dd>
            <strong>{shown(one.live)}</strong>
            <span class="small dim">{one.author}, <Time at={one.since} />: {one.reason}</span>
          </dd>
        </div>
        <div>
          <dt>Files</dt>
          <dd>
            {shown(one.file)}
            <span class="small dim">{one.file_origin}</span>
          </dd>
        </div>
      </dl>
      {one.note ? <p class="small tone-warn">{one.note}</p> : null}
      <details class="small">
        <summary>Bring them together</summary>
        <p>
          <strong>Keep what is live:</strong> write <code>{one.key} = {one.live}</code>{' '}
          into <code>{file === 'default' ? `jobs.d/${one.job}.toml` : file}</code> on every node and read the files anew; then let the files count.
        </p>
        <p><strong>Go back to the files:</strong> {timing ? 'let the files count.' : 'take the live change back, on the job’s page.'}</p>
      </details>
      <div class="does">
        {timing ? (
          <Action
            change="DELETE /jobs/{job}/schedule"
            job={one.job}
            label="Let the files count"
            title={`Let the files count for ${one.job}`}
            blocked={job.etag ? '' : 'It is not known yet which version that is.'}
            says={
              `The schedule of ${one.job}, its zone and its rule for changes of the clocks go by the files again, on every node at once. ` +
              `Here that is: ${one.key} ${shown(one.file)}.`
            }
            does={(reason) => ({
              change: 'DELETE /jobs/{job}/schedule',
              order: { path: { job: one.job }, query: { reason }, ifMatch: job.etag },
              done: `${one.job} goes by the files again.`,
            })}
            undo={(reason) => send('POST /jobs/{job}/undo', { path: { job: one.job }, body: { reason } })}
            done={done}
          />
        ) : (
          <a class="button" href={page}>To the job</a>
        )}
      </div>
    </li>
  );
}
