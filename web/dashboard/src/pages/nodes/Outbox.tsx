import type { Overview } from '../../made/api';
import { clock } from '../../lib/clock';
import { span } from '../../lib/time';
import { kept } from './nodes';

// What is sent on, and how far each sink is with it.
export default function Outbox({ outbox }: { outbox: Overview['outbox'] }) {
  const late = 60_000;
  return (
    <section class="Nodes" aria-labelledby="outbox">
      <h2 id="outbox">Outbox</h2>
      <p class="small dim">{outbox.events.toLocaleString('en')} events are kept; each sink takes them in their order.</p>
      {outbox.sinks.length ? (
        <dl>
          {outbox.sinks.map((sink) => {
            const behind = kept(sink.oldest, clock.now);
            return (
              <div key={sink.sink}>
                <dt>{sink.sink}</dt>
                <dd class={behind > late ? 'tone-warn' : ''}>
                  {sink.events ? `${sink.events.toLocaleString('en')} wait, the oldest for ${span(behind)}${behind > late ? ': behind' : ''}` : 'caught up'}
                </dd>
              </div>
            );
          })}
        </dl>
      ) : (
        <p class="dim">Nothing is sent on: no sink is set.</p>
      )}
    </section>
  );
}
