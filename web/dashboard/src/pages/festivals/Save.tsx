import { useRef } from 'preact/hooks';
import type { Festival } from '../../made/api';
import { send } from '../../lib/api';
import { clock } from '../../lib/clock';
import { place } from '../../lib/router';
import { toasts } from '../../lib/toasts';
import Action from '../../lib/ui/Action';
import { standingOf } from './dates';
import type { Body, Difference } from './draft';
import { restore } from './restore';
import './Save.css';

// A draft is kept: of a festival that is, with its differences shown, or as a new one.
export default function Save({
  base,
  body,
  changes,
  ready,
  blocked,
  take,
  look,
  stale,
}: {
  base: Festival | null;
  body: Body;
  changes: Difference[];
  ready: boolean;
  blocked: string;
  take: (now: Festival) => void;
  look: () => void;
  stale: () => void; // somebody saved it meanwhile
}) {
  const fresh = useRef<Festival | null>(null); // as the newest act left it
  const earlier = useRef<Festival | null>(null); // what was before
  if (!base) {
    return (
      <Action
        change="POST /festivals"
        label="Make it"
        title={`Make ${body.name || 'a festival'}`}
        blocked={blocked}
        ready={ready}
        says="It is kept, and starts by itself at its date."
        does={(reason) => ({
          change: 'POST /festivals',
          order: { query: { reason }, body },
          done: (now) => {
            fresh.current = now;
            place.go(`/festivals/${now.id}`);
            return { text: `${now.name} is made.` };
          },
        })}
        undo={async (reason) => {
          if (fresh.current) await send('DELETE /festivals/{festival}', { path: { festival: fresh.current.id }, query: { reason } });
          place.go('/festivals');
        }}
      />
    );
  }
  return (
    <Action
      change={'PUT /festivals/{festival}'}
      label="Save"
      title={`Save ${base.name}`}
      blocked={blocked}
      ready={ready}
      plan={
        <ul class="Save small">
          {changes.map((one) => (
            <li key={one.where}>
              <code>{one.where}</code>
              <span><del>{one.before || 'nothing'}</del> → <ins>{one.after || 'nothing'}</ins></span>
            </li>
          ))}
        </ul>
      }
      says={standingOf(base, clock.now) === 'running' ? 'It runs: clients that it dresses are told at once.' : 'Nothing is seen of it before it starts.'}
      does={(reason) => ({
        change: 'PUT /festivals/{festival}',
        order: { path: { festival: base.id }, query: { reason }, body, ifMatch: `"${base.revision}"` },
        done: (now) => {
          earlier.current = base;
          fresh.current = now;
          take(now);
          return { text: `${now.name} is saved.` };
        },
      })}
      undo={async (reason) => { if (earlier.current && fresh.current) take(await restore(earlier.current, fresh.current, reason)); }}
      done={() => look()}
      failed={(why) => {
        if (why.status !== 412) return false;
        toasts.say('Nothing was saved: somebody saved it meanwhile.', { tone: 'bad' });
        stale();
        return true;
      }}
    />
  );
}
