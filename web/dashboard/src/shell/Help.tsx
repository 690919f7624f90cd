import { Fragment } from 'preact';
import { keys } from '../lib/keys';
import { standings } from '../lib/outcomes';
import { preferences } from '../lib/preferences';
import Dialog from '../lib/ui/Dialog';
import Outcome from '../lib/ui/Outcome';
import './Help.css';

// The keys, and what the shapes mean.
export default function Help({ open, onopen }: { open: boolean; onopen: (open: boolean) => void }) {
  const more = [
    { keys: 'j', what: 'Next of a list' },
    { keys: 'k', what: 'The one before' },
    { keys: 'o', what: 'Open it' },
    { keys: 'x', what: 'Pick it, or let it go' },
    { keys: 'Esc', what: 'Close' },
  ];
  return (
    <Dialog open={open} onopen={onopen} title="Help" wide>
      <div class="Help both">
        <section aria-labelledby="help-keys">
          <h3 id="help-keys">Keys</h3>
          <dl>
            {[...keys.bindings, ...more].map((one) => (
              <Fragment key={one.keys}>
                <dt>{one.keys.split(/[ +]/).map((key, at) => (<Fragment key={at}><kbd>{key === 'ctrl' ? 'Ctrl' : key}</kbd>{' '}</Fragment>))}</dt>
                <dd>{one.what}</dd>
              </Fragment>
            ))}
          </dl>
          <label class="check">
            <input
              type="checkbox"
              checked={preferences.keys}
              onChange={(event) => { preferences.keys = event.currentTarget.checked; }}
            />{' '}
            Single keys do something
          </label>
        </section>
        <section aria-labelledby="help-shapes">
          <h3 id="help-shapes">How slots end, or stand</h3>
          <ul class="shapes">
            {standings
              .filter((one) => one !== 'ended')
              .map((one) => (<li key={one}><Outcome standing={one} /></li>))}
          </ul>
          <p class="small dim">A slot is one job at one due instant. It is written down before it is worked, and it ends once.</p>
        </section>
      </div>
    </Dialog>
  );
}
