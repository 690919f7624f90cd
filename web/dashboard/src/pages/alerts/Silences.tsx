import { get, send } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Action from '../../lib/ui/Action';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Mark from '../../lib/ui/Mark';
import Tabs from '../../lib/ui/Tabs';
import Time from '../../lib/ui/Time';
import { matches, silenceLook, tabs, wordsOf } from './alerts';
import Labels from './Labels';
import MakeSilence from './MakeSilence';
import './Silences.css';

// What nobody is told of, until when and why. ?all=yes: those that are over, too.
export default function Silences() {
  const alerts = useLive('alerts');
  const all = place.word('all') === 'yes';
  // What is held back changes with silences: then somebody made or lifted one.
  const held = (alerts?.items ?? []).map((one) => one.held_back).join();
  const list = useLoaded((signal) => get('/silences', { query: { all, limit: 500 } }, signal), [all, held]);
  const again = () => void list.again();
  return (
    <>
      <h1 tabindex={-1}>Silences</h1>
      <Tabs tabs={tabs} label="About alerts" />
      <p class="Silences head">
        <MakeSilence done={again} />
        <label class="choice">
          <input type="checkbox" checked={all} onChange={(event) => place.filter({ all: event.currentTarget.checked ? 'yes' : '' })} /> Those that are over, too
        </label>
      </p>
      <Await of={list} rows={3} height={96} what="Silences could not be loaded">
        {(told) => told.items.length ? (
          <ul class="Silences silences">
            {told.items.map((silence) => {
              const count = (alerts?.items ?? []).filter((one) => matches(wordsOf(silence.matchers), one)).length;
              return (
                <li key={silence.id}>
                  <div class="what">
                    <Labels labels={wordsOf(silence.matchers)} />
                    <p>{silence.reason}</p>
                    <p class="small dim">
                      {silence.author}, <Time at={silence.made_at} as="relative" />
                      {silence.lifted_by ? `; lifted by ${silence.lifted_by}` : null}
                    </p>
                  </div>
                  <div class="ends">
                    <Mark look={silenceLook(silence)} />
                    <p class="small dim">
                      {silence.state === 'coming' && <>from <Time at={silence.begins_at} as="both" />{' '}</>}
                      {silence.state === 'over' ? 'ended' : 'until'} <Time at={silence.ends_at} as="both" />
                    </p>
                    {silence.state === 'in_force' && <p class="small dim">{count ? `${count} of what stands now` : 'nothing of what stands now'}</p>}
                  </div>
                  {silence.state !== 'over' && (
                    <Action
                      change="DELETE /silences/{silence}"
                      label="Lift"
                      title="Lift the silence"
                      says="It ends now. What fires is told of again."
                      does={(reason) => ({
                        change: 'DELETE /silences/{silence}',
                        order: { path: { silence: silence.id }, query: { reason } },
                        done: 'The silence is lifted.',
                      })}
                      undo={(reason) =>
                        send('POST /silences', {
                          body: { matchers: wordsOf(silence.matchers), ends_at: silence.ends_at, reason: `${silence.reason} (${reason})` },
                        })}
                      done={again}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        ) : (
          <Empty title={all ? 'There was no silence yet' : 'Nothing is silenced'}>
            Everything that fires is told of. A silence holds notices back while something is being mended.
          </Empty>
        )}
      </Await>
    </>
  );
}
