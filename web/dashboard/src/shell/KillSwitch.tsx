import { useEffect } from 'preact/hooks';
import { act } from '../lib/act';
import { ApiProblem, newKey } from '../lib/api';
import { commands } from '../lib/commands';
import { kill } from '../lib/kill';
import { live } from '../lib/live';
import { permit } from '../lib/permissions';
import { session } from '../lib/session';
import { toasts } from '../lib/toasts';
import Dialog from '../lib/ui/Dialog';
import Icon from '../lib/ui/Icon';
import Problem from '../lib/ui/Problem';
import Time from '../lib/ui/Time';
import { useOwn } from '../lib/own';
import './KillSwitch.css';

// The kill switch: on every page that it is on, and the dialog that turns it on in two steps, or off.
export default function KillSwitch() {
  const own = useOwn(() => ({ second: false, stop: false, reason: '', busy: false, problem: null as ApiProblem | null }));
  const on = kill.told?.on ?? false;
  const may = permit(session.me, on ? 'DELETE /kill-switch' : 'PUT /kill-switch');
  useEffect(() => kill.keep(), []);
  useEffect(() => kill.hear(live.lists.overview?.kill_switch), [live.lists.overview?.kill_switch]);
  useEffect(() => commands.offer({ title: on ? 'Turn the kill switch off' : 'Kill switch: let nothing start', hint: 'act', run: () => kill.ask() }), [on]);
  useEffect(() => { if (kill.asked) fresh(); }, [kill.asked]);
  function fresh() {
    own.second = own.stop = own.busy = false;
    own.reason = '';
    own.problem = null;
  }
  async function turn(event: SubmitEvent) {
    event.preventDefault();
    if (!on && !own.second) {
      own.second = true;
      return;
    }
    own.busy = true;
    own.problem = null;
    try {
      const why = own.reason.trim();
      const told = on
        ? await act({ change: 'DELETE /kill-switch', order: { query: { reason: why } }, done: 'The kill switch is off. What is due starts again.' }, newKey())
        : await act(
            { change: 'PUT /kill-switch', order: { body: { reason: why, stop_running: own.stop } }, done: 'The kill switch is on. Nothing starts.' },
            newKey(),
          );
      kill.asked = false;
      toasts.say(told.text);
      void kill.look();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      own.problem = error;
    } finally {
      own.busy = false;
    }
  }
  return (
    <>
      {on && kill.told ? (
        <div class="KillSwitch banner" role="region" aria-label="The kill switch is on">
          <Icon name="bar" size={20} />
          <p>
            <strong>The kill switch is on: nothing starts.</strong>{' '}
            <span>
              {kill.told.by}
              {kill.told.since ? (<>, <Time at={kill.told.since} as="both" /></>) : null}
              : {kill.told.reason}
            </span>
          </p>
          <button
            type="button"
            aria-disabled={may.may ? undefined : 'true'}
            title={may.why || undefined}
            onClick={() => {
              if (may.may) kill.ask();
              else toasts.say(may.why, { tone: 'bad' });
            }}
          >
            Turn it off
          </button>
        </div>
      ) : null}
      <Dialog
        open={kill.asked}
        onopen={(open) => { kill.asked = open; }}
        title={on ? 'Turn the kill switch off' : own.second ? 'Let nothing start: are you sure?' : 'Kill switch'}
      >
        <form class="KillSwitch" onSubmit={turn}>
          {!may.may ? (<p>{may.why}</p>) : on ? (<p>Slots start again, on every node. What came due meanwhile was refused and stays so: a backfill can bring it.</p>) : (
            <>
              <ul>
                <li><strong>Not one execution starts</strong>, on any node, whoever asks, until it is off.</li>
                <li>
                  What comes due meanwhile is refused, and stands in the history with your reason. It is not made up for by itself: a backfill can bring it.
                </li>
                <li>
                  {own.stop ? 'What runs is asked to stop at its next chunk.' : 'What runs now goes on.'}
                  {live.lists.overview ? (
                    <>
                      Now that is {live.lists.overview.running.items.length || 'nothing'}
                      {live.lists.overview.running.more ? ' and more' : ''}.
                    </>
                  ) : null}
                </li>
              </ul>
              {!own.second && (
                <label class="check">
                  <input type="checkbox" checked={own.stop} onChange={(event) => { own.stop = event.currentTarget.checked; }} />{' '}
                  Ask what runs to stop, too
                </label>
              )}
            </>
          )}
          {may.may && (on || own.second) ? (
            <div class="field">
              <label for="kill-reason">Why</label>{' '}
              <input
                id="kill-reason"
                value={own.reason}
                onInput={(event) => { own.reason = event.currentTarget.value; }}
                maxlength={500}
                required
                autocomplete="off"
                autofocus
                placeholder="Everybody sees it, and the audit keeps it"
              />
            </div>
          ) : null}
          {own.problem ? <Problem problem={own.problem} what={own.problem.undone} /> : null}
          <div class="buttons">
            <button class="plain" type="button" onClick={() => { kill.asked = false; }}>Leave it</button>{' '}
            {may.may ? (
              <button class={on ? 'main' : 'danger'} type="submit" disabled={own.busy || ((on || own.second) && !own.reason.trim())}>
                {own.busy ? 'Asking …' : on ? 'Turn it off' : own.second ? 'Let nothing start' : 'Go on'}
              </button>
            ) : null}
          </div>
        </form>
      </Dialog>
    </>
  );
}
