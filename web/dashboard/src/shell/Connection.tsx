import { clock } from '../lib/clock';
import { live } from '../lib/live';
import { relative } from '../lib/time';
import './Connection.css';

// Whether what is shown is true now. Its room is kept, so that nothing moves as it changes; where there is
// little, a mark and how long it is stale.
export default function Connection() {
  const word = { idle: '', connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' }[live.connection];
  const since = live.staleSince && live.connection === 'reconnecting' ? relative(Math.min(live.staleSince, clock.now - 1000), clock.now).replace(' ago', '') : '';
  return (
    <span class={`Connection connection ${live.connection}`} data-state={live.connection}>
      {word ? (
        <>
          <span class="dot" aria-hidden="true" />
          <span class="words">
            <span class={since ? 'long' : ''}>{word}{since ? ', stale for ' : ''}</span>
            {since}
          </span>
        </>
      ) : null}
    </span>
  );
}
