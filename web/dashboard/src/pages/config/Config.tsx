import { get } from '../../lib/api';
import { kill } from '../../lib/kill';
import { useLoaded } from '../../lib/loaded';
import { session } from '../../lib/session';
import Await from '../../lib/ui/Await';
import Icon from '../../lib/ui/Icon';
import Reload from '../../lib/ui/Reload';
import Time from '../../lib/ui/Time';
import DriftRow from './DriftRow';
import Settings from './Settings';
import './Config.css';

// The settings in force and where they come from, where live changes and files disagree, and the kill switch.
export default function Config() {
  const sees = session.may('settings');
  const none = { value: { items: [], next: null }, etag: '', next: null };
  const settings = useLoaded(async (signal) => (sees ? get('/config', {}, signal) : none), [sees]);
  const drift = useLoaded(async (signal) => (sees ? get('/config/drift', {}, signal) : none), [sees]);
  const again = () => {
    void settings.again();
    void drift.again();
  };
  const { told } = kill;
  return (
    <>
      <div class="Config top">
        <h1 tabindex={-1}>Settings</h1>
        <Reload done={again} />
      </div>
      <section class="Config kill" aria-labelledby="kill">
        <div>
          <h2 id="kill">Kill switch</h2>
          {told?.on ? (
            <p class="tone-bad">
              <Icon name="bar" /> <strong>On: nothing starts.</strong> {told.by}
              {told.since ? <>, <Time at={told.since} /></> : null}: {told.reason}
            </p>
          ) : (
            <p class="dim">{told ? <><Icon name="ring" /> Off. Turned on, nothing starts on any node, whoever asks.</> : '…'}</p>
          )}
        </div>
        <button class={told?.on ? '' : 'danger'} type="button" onClick={() => kill.ask()}>{told?.on ? 'Turn it off' : 'Turn it on …'}</button>
      </section>
      {sees ? (
        <>
          <section class="Config" aria-labelledby="drift">
            <h2 id="drift">Where live changes and files disagree</h2>
            <Await of={drift} rows={2} what="Where they disagree could not be told">
              {({ items }) => items.length ? (
                <>
                  <p class="small dim">
                    What was changed live counts until it is taken back. So that both say the same: write the live value into the file and reload, or let the
                    file count again.
                  </p>
                  <ul class="drifts">{items.map((one) => <DriftRow key={one.job + one.key} one={one} done={again} />)}</ul>
                </>
              ) : (
                <p class="dim"><Icon name="tick" /> Nowhere: all jobs go by the files.</p>
              )}
            </Await>
          </section>
          <section class="Config" aria-labelledby="in-force">
            <h2 id="in-force">In force</h2>
            <Await of={settings} rows={12} what="The settings could not be told">{(told) => <Settings items={told.items} />}</Await>
          </section>
        </>
      ) : (
        <p class="dim">The settings in force are not shown. {session.lacks('settings')}</p>
      )}
    </>
  );
}
