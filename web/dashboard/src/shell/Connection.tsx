import { clock } from '../lib/clock';
import { live } from '../lib/live';
import { span } from '../lib/time';
import './Connection.css';

// Whether what is shown is true now. Its room is kept, so that nothing moves as it changes.
export default function Connection() {
  const word = { idle: '', connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' }[live.connection];
  const since = live.staleSince && live.connection === 'reconnecting' ? `stale since ${span(Math.max(1000, clock.now - live.staleSince))}` : '';
  return (
    <span class={`Connection connection ${live.connection}`} data-state={live.connection}>
      {word ? (
        <>
          <span class="dot" aria-hidden="true" />
          <span class="words">
            {word}
            {since ? <span class="since">, {since}</span> : null}
          </span>
        </>
      ) : null}
    </span>
  );
}
