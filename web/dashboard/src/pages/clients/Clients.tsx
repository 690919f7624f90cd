import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Time from '../../lib/ui/Time';
import type { Whom } from './clients';
import Connected from './Connected';
import Filters from './Filters';
import Rooms from './Rooms';
import './Clients.css';

// Who is connected, where, and the rooms by size; looked at anew now and then, since nothing tells of it.
export default function Clients() {
  const most = 500, pause = 10_000;
  const user = place.word('user'), room = place.word('room');
  const whom: Whom = { ...(user ? { user } : {}), ...(room ? { room } : {}) };
  const turn = Math.floor(clock.now / pause);
  const clients = useLoaded((signal) => get('/clients', { query: { user, room, limit: most } }, signal), [user, room, turn]);
  const rooms = useLoaded((signal) => get('/rooms', {}, signal), [turn]);
  const again = () => {
    void clients.again();
    void rooms.again();
  };
  return (
    <>
      <h1 tabindex={-1}>Clients</h1>
      <p class="Clients lead dim">
        Browsers and apps that are connected to the realtime server, on all nodes.{' '}
        <span class="small">{clients.at ? <>As it was at <Time at={clients.at} seconds />; looked at anew every ten seconds.</> : null}</span>
      </p>
      <Filters whom={whom} clients={clients.value?.items ?? []} rooms={rooms.value?.items ?? []} again={again} />
      <div class="Clients columns">
        <section aria-labelledby="connected">
          <Await of={clients} rows={8} height={56} what="Who is connected could not be told">
            {(told) => <Connected told={told} most={most} whom={whom} again={again} />}
          </Await>
        </section>
        <Rooms rooms={rooms} />
      </div>
    </>
  );
}
