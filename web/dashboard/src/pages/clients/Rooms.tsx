import type { RoomList } from '../../made/api';
import type { Loaded } from '../../lib/loaded';
import Await from '../../lib/ui/Await';
import './Rooms.css';

export default function Rooms({ rooms }: { rooms: Loaded<RoomList> }) {
  const most = 50;
  return (
    <section class="Rooms" aria-labelledby="rooms-title">
      <h2 id="rooms-title">Rooms</h2>
      <Await of={rooms} rows={6} height={36} what="The rooms could not be told">
        {({ items }) => items.length ? (
          <>
            <ol class="rooms">
              {items.slice(0, most).map((one) => (
                <li key={one.room}>
                  {one.room ? <a href={`/clients?room=${encodeURIComponent(one.room)}`}>{one.room}</a> : <span>everybody</span>}
                  <span class="end">{one.clients.toLocaleString('en')}</span>
                  <svg width="100%" height="3" aria-hidden="true">
                    <rect class="fill-busy" width={`${(100 * one.clients) / Math.max(1, items[0]?.clients ?? 1)}%`} height="3" />
                  </svg>
                </li>
              ))}
            </ol>
            {items.length > most && <p class="small dim">and {items.length - most} smaller ones</p>}
          </>
        ) : (
          <p class="dim">Nobody is in any room.</p>
        )}
      </Await>
    </section>
  );
}
