import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import { keys } from '../lib/keys';
import { place } from '../lib/router';
import { pageAt, pages } from '../pages';
import Header from './Header';
import Help from './Help';
import KillSwitch from './KillSwitch';
import Lost from './Lost';
import Nav from './Nav';
import Palette from './Palette';
import PageView from './PageView';
import { useOwn } from '../lib/own';
import './Shell.css';

// What is around every page: the way to the others, the header, the palette, the help, and the page itself.
export default function Shell() {
  const own = useOwn(() => ({ palette: false, help: false, menu: false }));
  const match = pageAt(place.path);
  useEffect(
    () =>
      keys.bind(
        {
          keys: 'ctrl+k',
          what: 'Search and commands',
          run: () => { own.palette = true; },
        },
        {
          keys: '/',
          what: 'Search',
          run: () => {
            const search = document.querySelector<HTMLElement>('[data-search]');
            if (search) search.focus();
            else own.palette = true;
          },
        },
        {
          keys: '?',
          what: 'This help',
          run: () => { own.help = true; },
        },
        ...pages.flatMap((page) => (page.nav?.key ? [{ keys: `g ${page.nav.key}`, what: page.title, run: () => place.go(page.path) }] : [])),
      ),
    [],
  );
  // Who hears the page is told where they are: the focus goes to its heading, and from one that only stood in to the one that came.
  useEffect(() => {
    if (!place.arrivals) return;
    own.menu = false;
    let heading: HTMLElement | null = null;
    const take = () => {
      heading = document.querySelector('main h1');
      heading?.focus();
    };
    const watch = new MutationObserver(() => { if (heading && !heading.isConnected && document.activeElement === document.body) take(); });
    watch.observe(document.body, { childList: true, subtree: true });
    requestAnimationFrame(take);
    return () => watch.disconnect();
  }, [place.arrivals]);
  return (
    <>
      <a class="Shell skip" href="#content">Skip to the page</a>
      <div class="Shell frame">
        <Nav open={own.menu} onopen={(open) => { own.menu = open; }} />
        <div class="side">
          <Header menu={own.menu} onmenu={(menu) => { own.menu = menu; }} search={() => { own.palette = true; }} help={() => { own.help = true; }} />
          <KillSwitch />
          <main id="content" tabindex={-1}>{match ? (<><Fragment key={match.page}><PageView match={match} /></Fragment></>) : (<Lost />)}</main>
        </div>
      </div>
      <Palette open={own.palette} onopen={(open) => { own.palette = open; }} help={() => { own.help = true; }} />
      <Help open={own.help} onopen={(open) => { own.help = open; }} />
    </>
  );
}
