import { useRef } from 'preact/hooks';
import type { Festival } from '../../made/api';
import { send } from '../../lib/api';
import { place } from '../../lib/router';
import { toasts } from '../../lib/toasts';
import Action from '../../lib/ui/Action';
import type { Standing } from './dates';
import { written } from './draft';
import { restore } from './restore';
import './Acts.css';

export default function Acts({ festival, standing, again }: { festival: Festival; standing: Standing; again: (now?: Festival) => void }) {
  const newest = useRef<{ before: Festival; after: Festival } | null>(null); // act, and what it changed
  const path = { festival: festival.id };
  const over = 'It is over: give it a later end first.';
  const clients = 'Flags, gifts and themes are turned at once, and clients are told.';
  function turned(after: Festival, text: string) {
    newest.current = { before: festival, after };
    again(after);
    return { text };
  }
  async function takeBack(reason: string) {
    if (newest.current) again(await restore(newest.current.before, newest.current.after, reason));
  }
  return (
    <div class="Acts">
      <Action
        change={'POST /festivals/{festival}/activate'}
        label="Start now"
        title={`Start ${festival.name} now`}
        blocked={{ coming: '', running: 'It runs already.', over }[standing]}
        says={`It starts now in place of at its date. ${clients}`}
        does={(reason) => ({
          change: 'POST /festivals/{festival}/activate',
          order: { path, body: { reason } },
          done: (told) => turned(told, `${told.name} runs.`),
        })}
        undo={takeBack}
      />
      <Action
        change={'POST /festivals/{festival}/end'}
        label="End now"
        title={`End ${festival.name} now`}
        danger
        blocked={{ coming: 'It does not run yet.', running: '', over: 'It is over.' }[standing]}
        says={`The instant before now is its last. ${clients}`}
        does={(reason) => ({
          change: 'POST /festivals/{festival}/end',
          order: { path, body: { reason } },
          done: (told) => turned(told, `${told.name} is ended.`),
        })}
        undo={takeBack}
      />
      <Action
        change={'DELETE /festivals/{festival}'}
        label="Take away"
        title={`Take ${festival.name} away`}
        danger
        blocked={standing === 'running' ? 'It runs: end it first, so that clients hear of it.' : ''}
        says="It is gone with its look and its list of gifts. Undo makes it anew, with another number."
        does={(reason) => ({
          change: 'DELETE /festivals/{festival}',
          order: { path, query: { reason }, ifMatch: `"${festival.revision}"` },
          done: () => {
            place.go('/festivals');
            return { text: `${festival.name} is taken away.` };
          },
        })}
        undo={async (reason) => { place.go(`/festivals/${(await send('POST /festivals', { query: { reason }, body: written(festival) })).value.id}`); }}
        failed={(why) => {
          again();
          if (why.status === 412) toasts.say('Nothing was taken away: somebody saved it meanwhile.', { tone: 'bad' });
          return why.status === 412;
        }}
      />
    </div>
  );
}
