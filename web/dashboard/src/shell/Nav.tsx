import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLive } from '../lib/live';
import { firingOf } from '../lib/alerts';
import { place } from '../lib/router';
import { session } from '../lib/session';
import { ways } from '../pages';
import Icon from '../lib/ui/Icon';
import type { Page } from '../lib/route';
import './Nav.css';

// The way to every page; on small screens behind a button of the header.
export default function Nav({ open, onopen }: { open: boolean; onopen: (open: boolean) => void }) {
  const here = (page: Page) => (page.path === '/' ? place.path === '/' : place.path.startsWith(page.path));
  const barred = (page: Page) => (page.right ? session.lacks(page.right) : '');
  const alerts = useLive('alerts');
  const firing = firingOf(alerts);
  // The account's menu, or a dialog, is above it and closes first.
  useEffect(() => {
    if (!open) return;
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      onopen(false);
      document.querySelector<HTMLElement>('.Header > .menu')?.focus();
    };
    addEventListener('keydown', escape);
    return () => removeEventListener('keydown', escape);
  }, [open]);
  return (
    <nav class={`Nav ${open ? 'open' : ''}`} aria-label="Pages">
      <a class="mark" href="/">
        <img src="/assets/icon.svg" alt="" width="24" height="24" />
        <span>Hotclock</span>
      </a>
      {ways.map((group) => (
        <Fragment key={group.id}>
          <p class="group" id={`nav-${group.id}`}>{group.title}</p>
          <ul class="ways" aria-labelledby={`nav-${group.id}`}>
            {group.pages.map((page) => (
              <li key={page.path}>
                {!barred(page) ? (
                  <a href={page.path} aria-current={here(page) ? 'page' : undefined} onClick={() => { onopen(false); }}>
                    <Icon name={page.nav?.icon ?? 'arrow'} />
                    <span>{page.title}</span>{' '}
                    {page.nav?.icon === 'alerts' && firing ? (<span class="count">{firing} <span class="unseen">firing</span></span>) : null}
                  </a>
                ) : (
                  <span class="no" title={barred(page)}>
                    <Icon name={page.nav?.icon ?? 'arrow'} />
                    {page.title}
                    <span class="unseen">: {barred(page)}</span>
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
    </nav>
  );
}
