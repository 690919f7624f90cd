import type { Node, RunningSlot } from '../../made/api';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import Drain from './Drain';
import { running, skew, standing } from './nodes';
import './NodeRow.css';

export default function NodeRow({ node, slots }: { node: Node; slots: RunningSlot[] }) {
  const word = standing(node);
  const holds = running(slots, node);
  return (
    <li class="NodeRow">
      <div class="name">
        <strong>{node.name}</strong>
        <span class={`state tone-${word.tone}`}><Icon name={word.shape} /> {word.word}</span>
        <span class="small dim">{node.host} · version {node.version} · zones {node.zone_data}</span>
        {node.state === 'stopped' ? null : <Drain node={node} />}
      </div>
      <dl>
        <div>
          <dt>{node.state === 'stopped' ? 'Stopped' : 'Heard of'}</dt>
          <dd><Time at={node.state === 'stopped' ? node.stopped_at : node.seen_at} as="relative" /></dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd><Time at={node.started_at} as="relative" /></dd>
        </div>
        <div>
          <dt>Clock</dt>
          <dd>{skew(node.clock_ahead_ms)}</dd>
        </div>
      </dl>
      <div class="work">
        {node.running === 0 ? <span class="dim">works on nothing</span> : (
          <>
            <span class="small dim">works on {node.running}</span>
            <ul class="slots">
              {holds.slice(0, 8).map((slot) => (
                <li key={slot.id}>
                  <a href={slot.execution ? `/executions/${slot.execution}` : `/slots/${slot.id}`}>{slot.job}</a>{' '}
                  <span class="small dim">since <Time at={slot.started_at} as="relative" /></span>
                </li>
              ))}
            </ul>
            {holds.length > 8 && <a class="small" href={`/history?state=running&node=${encodeURIComponent(node.name)}`}>and {holds.length - 8} more</a>}
          </>
        )}
      </div>
    </li>
  );
}
