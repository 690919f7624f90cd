import { Fragment } from 'preact';
import type { ClientList } from '../../made/api';
import { place } from '../../lib/router';
import Empty from '../../lib/ui/Empty';
import Time from '../../lib/ui/Time';
import { onNode, somebody, type Whom } from './clients';
import Disconnect from './Disconnect';
import './Connected.css';

// `most`: no more than so many are told.
export default function Connected({ told, most, whom, again }: { told: ClientList; most: number; whom: Whom; again: () => void }) {
  const node = place.word('node');
  const shown = onNode(told.items, node);
  return (
    <>
      <h2 id="connected">{shown.length}{told.items.length === most ? ' or more' : ''} connected</h2>
      {told.note ? <p class="tone-warn">{told.note}</p> : null}
      {shown.length ? (
        <>
          <ul class="Connected" aria-label="Connected">
            {shown.map((one) => {
              const rooms = one.rooms.filter(Boolean).slice(0, 6);
              return (
                <li key={one.socket}>
                  <div>
                    <strong>{one.user || 'nobody signed in'}</strong>
                    <span class="small dim">{one.address} · node {one.node}</span>
                  </div>
                  <div class="rooms">
                    {rooms.map((room) => <Fragment key={room}><a href={`/clients?room=${encodeURIComponent(room)}`}>{room}</a> </Fragment>)}
                    {one.rooms.length > 6 && <span class="small dim">and {one.rooms.length - 6} more</span>}
                  </div>
                  <div class="since small">
                    {one.away_since ? (
                      <><span class="tone-warn">away</span> <Time at={one.away_since} as="relative" />, may come back</>
                    ) : (
                      <>connected <Time at={one.since} as="relative" /></>
                    )}
                  </div>
                  <Disconnect whom={{ socket: one.socket }} of={one.user} label="Disconnect" plain done={again} />
                </li>
              );
            })}
          </ul>
          {told.items.length === most && <p class="small dim">The first {most} are shown: narrow it down by user or room.</p>}
        </>
      ) : somebody(whom) || node ? (
        <Empty title="Nobody like that is connected"><a href="/clients">Everybody who is</a></Empty>
      ) : !told.note ? (
        <Empty title="Nobody is connected">
          Clients connect to the port of <code>[realtime]</code>; <a href="/nodes">Nodes</a> says how it is.
        </Empty>
      ) : null}
    </>
  );
}
