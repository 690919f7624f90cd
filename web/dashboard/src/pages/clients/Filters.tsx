import { useEffect } from 'preact/hooks';
import type { Client, RoomList } from '../../made/api';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import { nodesOf, somebody, type Whom } from './clients';
import Disconnect from './Disconnect';
import './Filters.css';

export default function Filters({ whom, clients, rooms, again }: { whom: Whom; clients: Client[]; rooms: RoomList['items']; again: () => void }) {
  // As they are typed: what is there counts once it is said, and the page may be drawn anew before.
  const { user = '', room = '' } = whom, node = place.word('node');
  const own = useOwn(() => ({ user, room }));
  useEffect(() => { own.user = user; }, [user]);
  useEffect(() => { own.room = room; }, [room]);
  return (
    <div class="ClientsFilters" role="search" aria-label="Narrow down">
      <div>
        <label for="of-user">User</label>
        <input
          id="of-user"
          data-search
          value={own.user}
          onInput={(event) => { own.user = event.currentTarget.value; }}
          onChange={(event) => place.filter({ user: event.currentTarget.value.trim() })}
          placeholder="user:17"
          autocomplete="off"
          spellcheck={false}
        />
      </div>
      <div>
        <label for="of-room">Room</label>
        <input
          id="of-room"
          value={own.room}
          onInput={(event) => { own.room = event.currentTarget.value; }}
          onChange={(event) => place.filter({ room: event.currentTarget.value.trim() })}
          placeholder="stream:3"
          autocomplete="off"
          spellcheck={false}
          list="rooms"
        />
        <datalist id="rooms">{rooms.filter((one) => one.room).slice(0, 50).map((one) => <option key={one.room} value={one.room} />)}</datalist>
      </div>
      <div>
        <label for="of-node">Node</label>
        <select id="of-node" value={node} onChange={(event) => place.filter({ node: event.currentTarget.value })}>
          <option value="">any</option>
          {nodesOf(clients).map((one) => <option key={one}>{one}</option>)}
        </select>
      </div>
      <Disconnect
        whom={whom}
        label="Disconnect all of these"
        blocked={
          !somebody(whom) ? 'Say of which user or room first.' : node ? 'They are put out on every node: take the filter by node away first.' : ''
        }
        done={again}
      />
    </div>
  );
}
