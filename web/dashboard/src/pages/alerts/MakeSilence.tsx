import { useId, useRef } from 'preact/hooks';
import type { Alert } from '../../made/api';
import { send } from '../../lib/api';
import { clock } from '../../lib/clock';
import { live } from '../../lib/live';
import { useOwn } from '../../lib/own';
import { preferences } from '../../lib/preferences';
import { shortZone, zoneFor } from '../../lib/time';
import Action from '../../lib/ui/Action';
import { instantOf, matchersFor, matches, saidOf, spans } from './alerts';
import Labels from './Labels';
import Matchers from './Matchers';
import './MakeSilence.css';

// Holds notices back for a while: of one alert's labels, or of those that somebody says. What it would hold back of what
// stands now is said before.
export default function MakeSilence({ of, done }: { of?: Alert; done?: () => void }) {
  // Where they begin; what somebody wrote is not taken from them.
  const own = useOwn(() => ({ matchers: of ? matchersFor(of) : [{ label: 'job', value: '', on: true }], ms: spans[0]?.ms ?? 0, until: '' }));
  const made = useRef('');
  const id = useId();
  const zone = zoneFor(preferences.zone);
  const said = saidOf(own.matchers);
  const whole = said.length > 0 && said.every((one) => !one.endsWith('='));
  const ends_at = own.ms ? undefined : instantOf(own.until, zone === 'UTC', clock.now);
  const held = (live.lists.alerts?.items ?? []).filter((one) => matches(said, one));
  const names = held.map((one) => one.annotations.summary ?? one.rule);
  const choice = (ms: number, text: string) => (
    <label key={ms} class="choice">
      <input type="radio" name={`${id}-span`} value={ms} checked={own.ms === ms} onChange={() => { own.ms = ms; }} /> {text}
    </label>
  );
  return (
    <Action
      change="POST /silences"
      label={of ? 'Silence this' : 'New silence'}
      title={of ? 'Silence this alert' : 'Silence alerts'}
      says="Nobody is told of alerts with all of these labels until it ends. They stand and are shown all the same."
      ready={whole && Boolean(own.ms || ends_at)}
      confirm="Silence"
      does={(reason) => ({
        change: 'POST /silences',
        order: { body: { matchers: said, reason, ...(own.ms ? { lasts_ms: own.ms } : { ends_at: ends_at ?? '' }) } },
        done: (silence) => {
          made.current = silence.id;
          return { text: 'Silenced.', link: { text: 'Silences', href: '/alerts/silences' } };
        },
      })}
      undo={(reason) => send('DELETE /silences/{silence}', { path: { silence: made.current }, query: { reason } })}
      done={done}
      fields={
        <>
          <Matchers matchers={own.matchers} onmatchers={(matchers) => { own.matchers = matchers; }} />
          <fieldset class="MakeSilence">
            <legend>For how long</legend>
            <div class="spans">
              {spans.map((one) => choice(one.ms, one.text))}
              {choice(0, 'until')}
            </div>
            {!own.ms && (
              <>
                <label class="until">
                  Until, by the clock of {shortZone(zone)}
                  <input type="datetime-local" value={own.until} onInput={(event) => { own.until = event.currentTarget.value; }} required />
                </label>
                {own.until && !ends_at ? <p class="small tone-bad">That is over already.</p> : null}
              </>
            )}
          </fieldset>
        </>
      }
      plan={
        <div class="MakeSilence plan">
          <Labels labels={said} />
          <p class="small">
            {!whole
              ? 'Each label needs a value; * may stand behind its beginning.'
              : held.length
                ? `Holds back ${held.length} of the alerts that stand now${held.length < 4 ? `: ${names.join('; ')}` : ''}.`
                : 'None of the alerts that stand now is held back by it.'}
          </p>
        </div>
      }
    />
  );
}
