import { useEffect, useRef } from 'preact/hooks';
import { get } from '../../lib/api';
import { arrive } from '../../lib/arrive';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { useTitle } from '../../lib/own';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Mark from '../../lib/ui/Mark';
import Time from '../../lib/ui/Time';
import { lookOf, titleOf, verdict } from './approvals';
import OneApproval from './OneApproval';
import './Approvals.css';

// What waits for a second person; ?all=yes: what was decided, too; ?id= opens one.
export default function Approvals() {
  const all = place.word('all') === 'yes';
  const id = place.word('id');
  const open = useLive('overview')?.approvals_open;
  // Asked anew as the number of those that wait changes.
  const list = useLoaded((signal) => get('/approvals', { query: { open: !all } }, signal), [open, all]);
  useTitle(id ? `Approval ${id}` : 'Approvals');
  const before = useRef(id);
  useEffect(() => {
    if (id === before.current) return;
    before.current = id;
    void arrive(Boolean(id));
  }, [id]);
  const address = (one: string) => `/approvals?${all ? 'all=yes&' : ''}id=${one}`;
  if (id) return <OneApproval key={id} id={id} open={open} />;
  return (
    <>
      <h1 tabindex={-1}>{list.value ? verdict(list.value.items.filter((one) => one.state === 'open').length) : 'Approvals'}</h1>
      <p class="Approvals head">
        <label>
          <input type="checkbox" checked={all} onChange={(event) => place.filter({ all: event.currentTarget.checked ? 'yes' : '' })} />
          Those that were decided, too
        </label>
      </p>
      <Await of={list} rows={4} height={72} what="Approvals could not be loaded">
        {(told) => (told.items.length ? (
          <ul class="Approvals approvals">
            {told.items.map((one) => (
              <li key={one.id}>
                <a href={address(one.id)}>
                  <Mark look={lookOf(one)} />
                  <span class="what">
                    <strong>{titleOf(one)}</strong>
                    <span class="dim small">{one.requested_by}: {one.reason}</span>
                  </span>
                  <span class="dim small when">
                    {one.state === 'open' ? (
                      <>asked <Time at={one.requested_at} as="relative" />, expires <Time at={one.expires_at} as="relative" /></>
                    ) : (
                      <>{one.decided_by ? `by ${one.decided_by}, ` : ''}<Time at={one.decided_at ?? one.expires_at} as="relative" /></>
                    )}
                  </span>
                </a>
              </li>
            ))}
          </ul>
        ) : (
          <Empty title={all ? 'Nobody has asked yet' : 'Nothing is to be decided'}>
            A job with <code>second_person = true</code> is run, backfilled and changed by hand only when two agree. What somebody asks for waits here for
            a day.
          </Empty>
        ))}
      </Await>
    </>
  );
}
