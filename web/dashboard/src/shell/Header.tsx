import { firingOf } from '../lib/alerts';
import { clock } from '../lib/clock';
import { live } from '../lib/live';
import { preferences, type Theme } from '../lib/preferences';
import { exact, zoneFor } from '../lib/time';
import Connection from './Connection';
import Icon from '../lib/ui/Icon';
import User from './User';
import ZoneSwitch from './ZoneSwitch';
import './Header.css';

// Always in sight: whether what is shown is true now, the server's clock, search, and what somebody likes.
export default function Header({ menu, search, help, onmenu }: { menu: boolean; onmenu: (menu: boolean) => void; search: () => void; help: () => void }) {
  const zone = zoneFor(preferences.zone);
  const firing = firingOf(live.lists.alerts);
  const following: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
  const pictures: Record<Theme, string> = { system: 'screen', light: 'sun', dark: 'moon' };
  return (
    <header class="Header">
      <button
        class="plain icon menu"
        type="button"
        aria-label={firing ? `Pages, ${firing} firing` : 'Pages'}
        aria-expanded={menu}
        onClick={() => { onmenu(!menu); }}
      >
        <Icon name={menu ? 'close' : 'menu'} size={20} />
        {firing && !menu ? (<span class="count" aria-hidden="true">{firing}</span>) : null}
      </button>{' '}
      <button class="search" type="button" onClick={search}>
        <Icon name="search" />
        <span>Search, or do something</span> <kbd>Ctrl K</kbd>
      </button>{' '}
      <span class="room" />
      <Connection />
      <span class="clock" title="The server’s clock">{exact(clock.now, { zone, now: clock.now, seconds: true, date: false })}</span>
      <ZoneSwitch />
      <button
        class="plain icon wide"
        type="button"
        aria-label={`Theme: ${preferences.theme}`}
        title={`Theme: ${preferences.theme}`}
        onClick={() => { preferences.theme = following[preferences.theme]; }}
      >
        <Icon name={pictures[preferences.theme]} />
      </button>{' '}
      <button class="plain icon wide" type="button" aria-label="Help" title="Help (?)" onClick={help}><Icon name="help" /></button>
      <User help={help} theme={() => { preferences.theme = following[preferences.theme]; }} />
    </header>
  );
}
