import type { AlertTest } from '../../made/api';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import { session } from '../../lib/session';
import { span } from '../../lib/time';
import Action from '../../lib/ui/Action';
import Icon from '../../lib/ui/Icon';
import Mark from '../../lib/ui/Mark';
import { testLook } from './alerts';
import './Notifiers.css';

const none = { value: undefined, etag: '', next: null };

// Whether somebody would be told: each notifier is sent a test, past the queue, and what it said is shown.
export default function Notifiers() {
  const own = useOwn(() => ({ said: undefined as AlertTest[] | undefined, notifier: '' }));
  const sees = session.may('settings');
  const settings = useLoaded(async (signal) => (sees ? get('/config', {}, signal) : none), [sees]).value?.items;
  const nobody = own.said ? !own.said.length : settings && !settings.some((one) => one.key.startsWith('notifiers.'));
  const words = (all: AlertTest[]) => {
    const deaf = all.filter((one) => one.outcome !== 'sent').length;
    return !all.length ? 'There is no notifier to try.' : deaf ? `${deaf} of ${all.length} notifiers did not take it.` : `All of them took it: ${all.length}.`;
  };
  return (
    <section class="Notifiers" aria-labelledby="notifiers">
      <header class="head">
        <h2 id="notifiers">Notifiers</h2>
        <Action
          change="POST /alert-test"
          label="Test notifiers"
          says="Each notifier is sent a test now, and what it says to that is shown here. The people who read it see that it is one."
          does={(reason) => ({
            change: 'POST /alert-test',
            order: { body: { reason, ...(own.notifier.trim() ? { notifier: own.notifier.trim() } : {}) } },
            done: (told) => {
              own.said = told.items;
              return { text: words(told.items) };
            },
          })}
          fields={
            <label class="one">
              One alone, by its name
              <input
                value={own.notifier}
                onInput={(event) => { own.notifier = event.currentTarget.value; }}
                maxlength={100}
                autocomplete="off"
                placeholder="all of them"
              />
            </label>
          }
        />
      </header>
      {own.said?.length ? (
        <ul class="said" aria-label="What notifiers said">
          {own.said.map((one) => (
            <li key={one.notifier}>
              <span><strong>{one.notifier}</strong> <span class="dim small">{one.kind}</span></span>
              <Mark look={testLook(one)} />
              <span class="words small dim">{one.said}</span>
              <span class="small dim end">{span(one.took_ms)}</span>
            </li>
          ))}
        </ul>
      ) : nobody ? (
        <p class="tone-warn">
          <Icon name="warning" /> Nobody is told: no notifier is set up. Write <code>[notifiers.NAME]</code> into hotclock.toml, as docs/notifiers.md has
          it, start the node anew, and test it here.
        </p>
      ) : (
        <p class="small dim">{sees ? 'A notifier that never says anything is found out before it is needed.' : `Who is told stands in the settings. ${session.lacks('settings')}`}</p>
      )}
    </section>
  );
}
