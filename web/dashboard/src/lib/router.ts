// Where the browser is. Views and filters live in the address: `place.query` reads it, `filter` changes it.
import { batch } from '@preact/signals';
import { watched } from './own';

class Place {
  path = location.pathname;
  query = new URLSearchParams(location.search);
  // Counts arrivals, so that a page can move the focus to its heading.
  arrivals = 0;

  constructor() {
    watched(this);
    addEventListener('popstate', () => this.read());
    document.addEventListener('click', (event) => this.follow(event));
  }

  go(address: string, { replace = false } = {}) {
    if (address === location.pathname + location.search) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    const before = this.path;
    this.read();
    if (before !== this.path) scrollTo(0, 0);
  }

  // The same page with these words of its query otherwise; empty ones go. No new entry in the history unless told.
  filter(words: Record<string, string | null | undefined>, { push = false } = {}) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(words)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const said = query.toString();
    this.go(this.path + (said ? `?${said}` : ''), { replace: !push });
  }

  word(name: string): string { return this.query.get(name) ?? ''; }

  private read() {
    batch(() => {
      if (this.path !== location.pathname) ++this.arrivals;
      this.path = location.pathname;
      this.query = new URLSearchParams(location.search);
    });
  }

  // Links within the dashboard, unless something else is meant: a new tab, a download, another server.
  private follow(event: MouseEvent) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/') || link.pathname.startsWith('/assets/')) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const place = new Place();
