import { clock } from '../../lib/clock';
import { useLive } from '../../lib/live';
import Skeleton from '../../lib/ui/Skeleton';
import Coming from './Coming';
import Day from './Day';
import Health from './Health';
import { coming, troubles, verdict } from './overview';
import Running from './Running';
import Troubles from './Troubles';
import './Overview.css';

// First what is wrong, then what runs, then what was and comes, and beside it how the service is.
export default function Overview() {
  const overview = useLive('overview');
  const alerts = useLive('alerts');
  if (!overview) {
    return (
      <>
        <h1 tabindex={-1}>Overview</h1>
        <Skeleton rows={12} />
      </>
    );
  }
  const wrong = troubles(overview, alerts);
  const word = verdict(wrong);
  return (
    <>
      <h1 class={`tone-${word.tone}`} tabindex={-1}>{word.text}</h1>
      <div class="Overview">
        <div class="main">
          <Troubles wrong={wrong} />
          <Running running={overview.running} next={coming(overview.jobs.items, 1, clock.now)[0]} />
          <Day jobs={overview.jobs} />
          <Coming jobs={overview.jobs.items} />
        </div>
        <aside aria-label="Health"><Health overview={overview} /></aside>
      </div>
    </>
  );
}
