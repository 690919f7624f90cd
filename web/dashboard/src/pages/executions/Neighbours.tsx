import type { Slot } from '../../made/api';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { standingOf } from '../../lib/outcomes';
import { link } from '../../lib/route';
import { millis } from '../../lib/time';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import './Neighbours.css';

const none = { value: undefined, etag: '', next: null };

function Way({ to, words, zone }: { to: Slot | undefined; words: string; zone: string | undefined }) {
  if (!to) return <span class="dimmer">{words}: none</span>;
  return (
    <a href={link(to.execution ? '/executions/:id' : '/slots/:id', { id: to.execution || to.id })}>
      {words}: <Time at={to.scheduled_for} zone={zone} date seconds={to.trigger === 'manual'} /> <Outcome standing={standingOf(to)} bare />
    </a>
  );
}

// The slots of its job before and behind it.
export default function Neighbours({ slot: { job, scheduled_for: at }, zone }: { slot: Slot; zone: string | undefined }) {
  const before = useLoaded<Slot | undefined>(async (signal) => {
    const { value } = await get('/slots', { query: { job, until: at, limit: 1 } }, signal);
    return { ...none, value: value.items[0] };
  }, [job, at]);
  // Lists are told from the newest on: so a little is looked at first, and more where that holds nothing.
  const after = useLoaded<Slot | undefined>(async (signal) => {
    const from = millis(at), since = new Date(from + 1).toISOString();
    for (const minutes of [2, 120, 1500, 45_000]) {
      const until = from + minutes * 60_000;
      const { value } = await get('/slots', { query: { job, since, until: new Date(until).toISOString(), limit: 500 } }, signal);
      if (value.items.length) return { ...none, value: value.items.at(-1) };
      if (until > Date.now()) break;
    }
    return none;
  }, [job, at]);
  return (
    <p class="Neighbours small">
      <Way to={before.value} words="Before" zone={zone} />
      <Way to={after.value} words="Next" zone={zone} />
    </p>
  );
}
