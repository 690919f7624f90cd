import type { Festival } from '../../made/api';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import { standingOf, type Standing } from './dates';
import { looks } from './looks';
import Stands from './Stands';
import YearLine from './YearLine';
import './Festivals.css';

const most = 500;
const pause = 30_000;
const order: Standing[] = ['running', 'coming', 'over'];

// All festivals by how they stand, on the line of the year.
export default function Festivals() {
  const country = place.word('country');
  const festivals = useLoaded(
    (signal) => get('/festivals', { query: { country: /^([A-Z]{2}|GLOBAL)$/.test(country) ? country : '', limit: most } }, signal),
    [country, Math.floor(clock.now / pause)],
  );
  const by = (items: Festival[], standing: Standing) =>
    items
      .filter((one) => standingOf(one, clock.now) === standing)
      .sort((a, b) => (standing === 'over' ? Date.parse(b.endsAt) - Date.parse(a.endsAt) : Date.parse(a.startsAt) - Date.parse(b.startsAt)));
  return (
    <>
      <div class="Festivals top">
        <h1 tabindex={-1}>Festivals</h1>
        <a class="button" href="/festivals/new">New festival</a>
      </div>
      <div class="Festivals filter">
        <label for="country">Country</label>
        <input
          id="country"
          data-search
          value={country}
          onInput={(event) => place.filter({ country: event.currentTarget.value.trim().toUpperCase() })}
          maxlength={6}
          placeholder="any"
          autocomplete="off"
          spellcheck={false}
        />
      </div>
      <Await of={festivals} rows={8} height={72} what="The festivals could not be told">
        {(told) => (told.items.length ? (
          <>
            <YearLine festivals={told.items} />
            {order.map((standing) => <Standings key={standing} standing={standing} festivals={by(told.items, standing)} />)}
            {told.next ? <p class="small dim">The first {most} by their numbers are shown: narrow them down by country.</p> : null}
          </>
        ) : (
          <Empty title={`No festival ${country ? `of ${country}` : 'yet'}`}>
            {country ? <a href="/festivals">All festivals</a> : (
              <><a href="/festivals/new">Make one</a>, or have <code>hotclock festivals create</code> read it from a file.</>
            )}
          </Empty>
        ))}
      </Await>
    </>
  );
}

// What is over is folded on narrow screens, where it is most of what there is.
function Standings({ standing, festivals }: { standing: Standing; festivals: Festival[] }) {
  const look = looks[standing];
  if (!festivals.length) return null;
  const title = <h2 id={`s-${standing}`}>{look.title} <span class="dim">{festivals.length}</span></h2>;
  const list = (
    <ul class="festivals">
      {festivals.map((one) => (
        <li key={one.id}>
          <div class="what">
            <a href={`/festivals/${one.id}`}><strong>{one.name}</strong></a>
            <span class="small dim">{one.type}, {one.country === 'GLOBAL' ? 'everywhere' : one.country}, priority {one.priority}</span>
          </div>
          <div class="dates"><Stands festival={one} bare /></div>
          <div class="state small">
            <span class={`tone-${look.tone}`}><Icon name={look.shape} /> {look.word}</span>
            {standing === 'running' ? <>, ends <Time at={one.endsAt} as="relative" /></> : null}
            {standing === 'coming' ? <>, starts <Time at={one.startsAt} as="relative" /></> : null}
            {one.active !== (standing === 'running') ? <><br /><span class="tone-warn">not turned yet</span></> : null}
          </div>
        </li>
      ))}
    </ul>
  );
  return (
    <section class="Festivals" aria-labelledby={`s-${standing}`}>
      {standing === 'over' ? <details open={innerWidth >= 800}><summary>{title}</summary>{list}</details> : <>{title}{list}</>}
    </section>
  );
}
