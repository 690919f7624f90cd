import { get } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { session } from '../../lib/session';
import { span } from '../../lib/time';
import Reload from '../../lib/ui/Reload';
import Skeleton from '../../lib/ui/Skeleton';
import Doctor from './Doctor';
import NodeRow from './NodeRow';
import { lines, rules } from './nodes';
import Outbox from './Outbox';
import Queues from './Queues';
import './Nodes.css';

// The nodes and what each works, the queues that they share, what is sent on, and the database.
export default function Nodes() {
  const told = useLive('overview');
  const sees = session.may('settings');
  const settings = useLoaded(async (signal) => (sees ? get('/config', {}, signal) : { value: { items: [], next: null }, etag: '', next: null }), [sees]);
  const items = settings.value?.items ?? [];
  const workers = items.find((one) => one.key === 'scheduler.workers')?.value;
  return (
    <>
      <div class="Nodes top">
        <h1 tabindex={-1}>Nodes and queues</h1>
        <Reload />
      </div>
      {told ? (
        <>
          <section class="Nodes" aria-labelledby="nodes">
            <h2 id="nodes">Nodes</h2>
            {told.nodes.length ? (
              <ul class="nodes">{told.nodes.map((node) => <NodeRow key={node.id} node={node} slots={told.running.items} />)}</ul>
            ) : (
              <p class="dim">No node was ever started on this database.</p>
            )}
            {told.running.more ? <p class="small dim">More runs than is named here: <a href="/history?state=running">all that runs</a>.</p> : null}
          </section>
          <section class="Nodes" aria-labelledby="queues">
            <h2 id="queues">Queues</h2>
            <p class="small dim">
              Lines beside each other, which share the workers by weight.{workers ? ` This node has ${workers} workers.` : ''}
              {sees ? '' : ` Weights and limits are settings. ${session.lacks('settings')}`}
            </p>
            <Queues lines={lines(told.queues, rules(items))} />
          </section>
          <Outbox outbox={told.outbox} />
          <section class="Nodes" aria-labelledby="database">
            <h2 id="database">Database</h2>
            <dl>
              <div>
                <dt>Answers within</dt>
                <dd>{told.database.answers_ms === null ? 'not measured yet' : span(Math.max(1, told.database.answers_ms))}</dd>
              </div>
              <div>
                <dt>Room on its disk</dt>
                <dd>
                  {told.database.disk_free_percent === null
                    ? 'not known: it is on another machine, or not measured yet'
                    : `${told.database.disk_free_percent.toFixed(0)} % is free`}
                </dd>
              </div>
              <div>
                <dt>Clients</dt>
                <dd>{told.sockets.written_down ? `${told.sockets.connected.toLocaleString('en')} connected` : 'not written down: realtime.recovery is 0'}</dd>
              </div>
            </dl>
          </section>
          <Doctor />
        </>
      ) : (
        <Skeleton rows={12} />
      )}
    </>
  );
}
