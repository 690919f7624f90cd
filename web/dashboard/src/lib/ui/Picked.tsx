import { type ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ManyDone } from '../../made/api';
import { useOwn } from '../own';
import { link } from '../route';
import { countsOf, type Selection } from '../selection';
import Dialog from './Dialog';
import Time from './Time';
import './Picked.css';

const most = 500;
const number = (count: number) => count.toLocaleString('en');

// What is picked of a list, what can be done to it, and then what became of each: the refused first.
export default function Picked<T>({
  picks,
  children,
  result,
}: {
  picks: Selection<T>;
  children: ComponentChildren; // the buttons
  result: ManyDone | undefined; // of the last act
}) {
  const own = useOwn(() => ({ open: false }));
  useEffect(() => {
    if (!result) return;
    own.open = true;
    picks.set([]);
  }, [result]);
  return (
    <>
      {picks.size ? (
        <div class="Picked picked" role="group" aria-label="What is picked">
          <p role="status"><strong>{number(picks.size)}</strong> picked</p>
          {children}
          <button class="plain" type="button" onClick={() => picks.set([])}>Let go</button>
        </div>
      ) : null}
      {result ? (
        <Dialog open={own.open} onopen={(open) => { own.open = open; }} wide title={countsOf(result)}>
          {result.stopped ? <p class="tone-bad">It went no further: {result.stopped}</p> : null}
          <ul class="Picked each small" tabindex={0} aria-label="What became of each">
            {result.items.slice(0, most).map((one, at) => (
              <li key={at}>
                <a href={one.slot ? `/slots/${one.new_slot || one.slot}` : link('/jobs/:job', { job: one.job })}>
                  {one.job || one.slot}
                  {one.scheduled_for ? <> <Time at={one.scheduled_for} date /></> : null}
                </a>
                <span class={one.why ? 'tone-bad' : ''}>{one.outcome.replaceAll('_', ' ')}{one.why ? `: ${one.why}` : ''}</span>
              </li>
            ))}
            {result.items.length > most ? <li>and {number(result.items.length - most)} more</li> : null}
          </ul>
        </Dialog>
      ) : null}
    </>
  );
}
