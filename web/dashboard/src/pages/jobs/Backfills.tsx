import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import BackfillProgress from './BackfillProgress';
import { backfillsOf } from './jobs';

// Those of the job that have slots in line, whoever began them, and the one that the address names.
export default function Backfills({ job, zone }: { job: string; zone: string }) {
  const named = place.word('backfill');
  const open = useLoaded(async (signal) => {
    const of = (state: 'due' | 'waiting') => get('/slots', { query: { job, trigger: 'backfill', state, limit: 100 } }, signal);
    const [due, waiting] = await Promise.all([of('due'), of('waiting')]);
    return { ...due, value: [...due.value.items, ...waiting.value.items] };
  }, [job, named, Math.floor(clock.now / 30_000)]);
  return <>{backfillsOf(open.value ?? [], named).map((one) => <BackfillProgress key={one} backfill={one} job={job} zone={zone} />)}</>;
}
