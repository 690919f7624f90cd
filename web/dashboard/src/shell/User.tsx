import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../lib/api';
import { kill } from '../lib/kill';
import { preferences } from '../lib/preferences';
import { session } from '../lib/session';
import { toasts } from '../lib/toasts';
import Icon from '../lib/ui/Icon';
import { useOwn } from '../lib/own';
import './User.css';

// Who is signed in, as what, and the way out.
export default function User({ help, theme }: { help: () => void; theme: () => void }) {
  const own = useOwn(() => ({ open: false }));
  const root = useRef<HTMLDivElement>(null);
  async function signOut() {
    try {
      await session.end();
    } catch (error) {
      if (error instanceof ApiProblem) toasts.say(`Not signed out: ${error.detail}`, { tone: 'bad' });
    }
  }
  useEffect(() => {
    const away = (event: MouseEvent) => { if (!root.current?.contains(event.target as Node)) own.open = false; };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !own.open) return;
      own.open = false;
      event.preventDefault(); // what is below it stays
    };
    addEventListener('click', away);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('click', away);
      removeEventListener('keydown', escape);
    };
  }, []);
  return (
    <>
      <div class="User user" ref={root}>
        <button class="plain who" type="button" aria-expanded={own.open} aria-controls="user-menu" onClick={() => { own.open = !own.open; }}>
          <span class="name">{session.me?.name}</span>
          <Icon name="down" />
          <span class="unseen">: account</span>
        </button>
        {own.open ? (
          <div class="menu" id="user-menu">
            <p>
              <strong>{session.me?.name}</strong>
              <br />
              <span class="dim small">
                {session.me?.role}
                {session.me?.jobs.length ? `, for ${session.me.jobs.join(', ')}` : ''}
              </span>
            </p>
            <details class="small">
              <summary>What you may do</summary>
              <p class="dim">{session.me?.rights.join(', ')}. You come from {session.me?.from}.</p>
            </details>
            <button class="plain" type="button" onClick={() => { own.open = false; kill.ask(); }}>
              <Icon name="bar" /> Kill switch{kill.told?.on ? ': on' : ' …'}
            </button>{' '}
            <label class="check">
              <input
                type="checkbox"
                checked={preferences.keys}
                onChange={(event) => { preferences.keys = event.currentTarget.checked; }}
              />{' '}
              Single-key shortcuts
            </label>{' '}
            <button class="plain narrow" type="button" onClick={theme}><Icon name="screen" /> Theme: {preferences.theme}</button>{' '}
            <button class="plain narrow" type="button" onClick={() => { own.open = false; help(); }}><Icon name="help" /> Help</button>{' '}
            <button class="plain" type="button" onClick={() => void signOut()}><Icon name="out" /> Sign out</button>
          </div>
        ) : null}
      </div>
    </>
  );
}
