import type { Festival } from '../../made/api';
import { clock } from '../../lib/clock';
import { exact } from '../../lib/time';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import { countryName, standingOf, zoneOf } from './dates';
import { looks } from './looks';
import './Stands.css';

// How a festival stands, with its dates by the clocks of its country and by the viewer's.
export default function Stands({ festival, bare = false }: { festival: Festival; bare?: boolean }) {
  const look = looks[standingOf(festival, clock.now)];
  const zone = zoneOf(festival);
  const where = festival.country === 'GLOBAL' ? 'everywhere' : `${countryName(festival.country)} (${festival.country})`;
  const there = (text: string) => exact(Date.parse(text), { zone, now: clock.now, date: true });
  return (
    <>
      {bare ? null : (
        <p class="Stands">
          <span class={`tone-${look.tone} state`}><Icon name={look.shape} /> {look.word}</span>{' '}
          <span class="dim">{festival.type}, {where}, priority {festival.priority}</span>
        </p>
      )}
      <p class="small"><Time at={festival.startsAt} date /> – <Time at={festival.endsAt} date /></p>
      <p class="small dim">{there(festival.startsAt)} – {there(festival.endsAt)}</p>
    </>
  );
}
