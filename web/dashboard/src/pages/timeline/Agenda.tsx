import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { useWidth } from '../../lib/own';
import { preferences } from '../../lib/preferences';
import { place } from '../../lib/router';
import { exact, millis, zoneFor } from '../../lib/time';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import Tabs from '../../lib/ui/Tabs';
import { usual } from './agenda';
import AgendaRuns from './AgendaRuns';
import AgendaStrip, { narrowed } from './AgendaStrip';
import './Agenda.css';

export const tabs = [{ href: '/timeline', title: 'Lanes' }, { href: '/timeline/agenda', title: 'Agenda' }];
const quarter = 900_000;

// Asked anew minute by minute.
function useAgenda(from: number, to: number) {
  const iso = (at: number) => new Date(at).toISOString();
  return useLoaded((signal) => get('/overview/agenda', { query: { from: iso(from), to: iso(to) } }, signal), [from, to, Math.floor(clock.now / 60_000)]);
}

function Part({ from, to }: { from: number; to: number }) {
  const told = useAgenda(from, to);
  return <Await of={told} rows={4} what="This part of it could not be loaded">{(agenda) => <AgendaRuns agenda={agenda} none="Nothing is due in this part of it." />}</Await>;
}

// What is due within a day, from the quarter of an hour on that is now, and where much of it falls together. The address says
// which part of it is listed.
export default function Agenda() {
  const begin = Math.floor(clock.now / quarter) * quarter;
  const told = useAgenda(begin, begin + 96 * quarter);
  const [box, width] = useWidth();
  const look = { zone: zoneFor(preferences.zone), now: clock.now };
  const since = millis(place.word('since')), until = millis(place.word('until')), part = since < until;
  return (
    <>
      <h1 tabindex={-1}>The next 24 h</h1>
      <Tabs tabs={tabs} label="About time" />
      <div class="Agenda strip" ref={box} />
      <Await of={told} rows={8} what="The agenda could not be loaded">
        {(agenda) => {
          const due = agenda.cells.reduce((sum, one) => sum + one.due, 0);
          const worst = agenda.cells.reduce((most, one) => (one.together > most.together ? one : most), { at: '', due: 0, together: 1 });
          const says = `${due.toLocaleString('en')} due in the 24 h from ${exact(millis(agenda.from), look)} on; ${worst.at ? `at most ${worst.together} at one instant, first in the quarter from ${exact(millis(worst.at), look)} on` : 'no two at one instant'}.`;
          if (!due && !agenda.items.length) return <Empty title="Nothing is due within 24 h"><a href="/jobs">The jobs</a> say when each is due next.</Empty>;
          return (
            <>
              <p class="small">
                {says}{' '}
                {worst.together > usual(agenda) ? <span class="dim">A number above a bar: so many at one instant of it.</span> : null}
                {agenda.counted_until ? <><br /><span class="tone-warn">More is due than can be counted: from {exact(millis(agenda.counted_until), look)} on bars leave some of it out.</span></> : null}
              </p>
              {width ? <AgendaStrip agenda={agenda} width={width} says={says} chosen={(bar) => part && bar.from < until && bar.to > since} /> : null}
              {part ? (
                <>
                  <p class="Agenda part">
                    <strong>{exact(since, look)} to {exact(until, { ...look, date: false })}</strong>
                    {since > clock.now ? <a href={narrowed(2 * since - until, since)}>Earlier</a> : null}
                    <a href={narrowed(until, 2 * until - since)}>Later</a>
                    <a href="/timeline/agenda">All of it</a>
                  </p>
                  <Part key={`${since} ${until}`} from={since} to={until} />
                </>
              ) : <AgendaRuns agenda={agenda} none="Nothing else is due within 24 h." />}
            </>
          );
        }}
      </Await>
    </>
  );
}
