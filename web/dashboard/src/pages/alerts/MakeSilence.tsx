import { useRef } from 'preact/hooks';
import type { Alert } from '../../made/api';
import { send } from '../../lib/api';
import { clock } from '../../lib/clock';
import { live } from '../../lib/live';
import { useOwn } from '../../lib/own';
import { browserZone } from '../../lib/time';
import Action from '../../lib/ui/Action';
import Until, { after } from '../../lib/ui/Until';
import { matchersFor, matches, saidOf } from './alerts';
import Labels from './Labels';
import Matchers from './Matchers';
import './MakeSilence.css';

// Holds notices back for a while: of one alert's labels, or of those that somebody says. What it would hold back of what
// stands now is said before.
export default function MakeSilence({ of, done }: { of?: Alert; done?: () => void }) {
  // Where they begin; what somebody wrote is not taken from them.
  const own = useOwn(() => ({ matchers: of ? matchersFor(of) : [{ label: 'job', value: '', on: true }], until: undefined as string | undefined }));
  const made = useRef('');
  const said = saidOf(own.matchers);
  const whole = said.length > 0 && said.every((one) => !one.endsWith('='));
  const over = own.until && Date.parse(own.until) <= clock.now;
  const held = (live.lists.alerts?.items ?? []).filter((one) => matches(said, one));
  const names = held.map((one) => one.annotations.summary ?? one.rule);
  return (
    <Action
      change="POST /silences"
      label={of ? 'Silence this' : 'New silence'}
      title={of ? 'Silence this alert' : 'Silence alerts'}
      says="Nobody is told of alerts with all of these labels until it ends. They stand and are shown all the same."
      opened={() => { own.until = after(3_600_000); }}
      ready={whole && Boolean(own.until) && !over}
      confirm="Silence"
      does={(reason) => ({
        change: 'POST /silences',
        order: { body: { matchers: said, reason, ends_at: own.until ?? '' } },
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
          <Until value={own.until} onvalue={(until) => { own.until = until; }} zone={browserZone} />
          {over ? <p class="small tone-bad">That is over already.</p> : null}
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
