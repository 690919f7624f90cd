import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import type { Bar } from './layout';
import { because, late, took } from './words';
import './Card.css';

// What a bar was: shown where somebody points at it or has come to it by the keys.
export default function Card({ job, bar, now }: { job: string; bar: Bar; now: number }) {
  return (
    <div class="Card card">
      <p class="head"><strong>{job}</strong><Outcome standing={bar.standing} /></p>
      <dl>
        <dt>Due</dt>
        <dd><Time at={bar.due} seconds /></dd>
        {bar.began === null ? null : (
          <>
            <dt>Began</dt>
            <dd><Time at={bar.began} seconds /> <span class="dim">{late(bar)}</span></dd>
          </>
        )}
        {bar.ended === null ? null : (
          <>
            <dt>Ended</dt>
            <dd><Time at={bar.ended} seconds /></dd>
          </>
        )}
        {bar.began === null ? null : (
          <>
            <dt>Took</dt>
            <dd>
              {took(bar, now)}
              {bar.attempt > 1 ? `, in ${bar.attempt} attempts` : ''}
            </dd>
          </>
        )}
        {because(bar) ? (
          <>
            <dt>Why</dt>
            <dd>{because(bar)}</dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}
