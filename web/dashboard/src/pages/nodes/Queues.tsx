import { get } from '../../lib/api';
import Sparkline from '../../lib/charts/Sparkline';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { span } from '../../lib/time';
import { delays, kept, type Line } from './nodes';
import './Queues.css';

// On a phone each is a card: the names of its numbers stand beside them.
export default function Queues({ lines }: { lines: Line[] }) {
  const late = 60_000;
  const told = useLoaded((signal) => get('/queues', {}, signal), [Math.floor(clock.now / 60_000)]);
  const count = (value: number | undefined) => (value ?? 0).toLocaleString('en');
  if (!lines.length) return <p class="dim">No queue has slots.</p>;
  return (
    <table class="Queues">
      <thead>
        <tr>
          <th>Queue</th>
          <th class="end">Running</th>
          <th class="end">Due</th>
          <th class="end">Waiting</th>
          <th class="end">Undecided</th>
          <th>Oldest due</th>
          <th class="end" title="From due to begun, within the last hour">Delay p50</th>
          <th class="end" title="From due to begun, within the last hour; the line is the last day">Delay p95</th>
          <th class="end">Weight</th>
          <th class="end">Reserved</th>
          <th class="end">At once</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ queue, load, rule }) => {
          const age = kept(load?.oldest_due, clock.now);
          const wait = delays(told.value?.items, queue);
          return (
            <tr key={queue}>
              <th scope="row"><a href={`/history?queue=${encodeURIComponent(queue)}`}>{queue}</a></th>
              <td class="end" data-name="Running">{count(load?.running)}</td>
              <td class="end" data-name="Due">{count(load?.due)}</td>
              <td class="end" data-name="Waiting">{count(load?.waiting)}</td>
              <td class="end" data-name="Undecided">{load?.unknown ? <strong class="tone-bad">{count(load.unknown)}</strong> : '0'}</td>
              <td class={age > late ? 'tone-warn' : 'dim'} data-name="Oldest due">
                {age >= 1000 ? `for ${span(age)}${age > late ? ': behind' : ''}` : 'none waits'}
              </td>
              <td class="end" data-name="Delay p50">{wait.p50}</td>
              <td class="end" data-name="Delay p95">
                {wait.day.length ? <Sparkline values={wait.day} label={wait.label} width={64} height={18} /> : null} {wait.p95}
              </td>
              <td class="end" data-name="Weight">{rule?.weight ?? '–'}</td>
              <td class="end" data-name="Reserved">{rule ? rule.reserved || 'none' : '–'}</td>
              <td class="end" data-name="At once">{rule ? rule.limit || 'any' : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
