import { useEffect } from 'preact/hooks';
import { get } from '../../lib/api';
import Progress from '../../lib/charts/Progress';
import { useLoaded } from '../../lib/loaded';
import { inWords } from '../../lib/outcomes';
import { place } from '../../lib/router';
import Action from '../../lib/ui/Action';
import Await from '../../lib/ui/Await';
import Time from '../../lib/ui/Time';
import { overOf } from './charts';
import './BackfillProgress.css';

// How far a backfill is, until it is over; what is still in line can be taken out.
export default function BackfillProgress({ backfill, job, zone }: { backfill: string; job: string; zone: string }) {
  const one = useLoaded((signal) => get('/backfills/{backfill}', { path: { backfill } }, signal), [backfill]);
  useEffect(() => {
    if (!one.value || one.value.over || one.loading) return;
    const timer = setInterval(() => { if (!document.hidden) void one.again(); }, 1000);
    return () => clearInterval(timer);
  }, [one.value, one.loading]);
  return (
    <section class="BackfillProgress" aria-labelledby={`backfill-${backfill}`}>
      <Await of={one} rows={2} what="The backfill could not be loaded">
        {(told) => (
          <>
            <header>
              <h2 id={`backfill-${backfill}`}>{told.over ? 'A backfill is over' : 'A backfill is worked'}</h2>
              <span class="small dim"><Time at={told.from} zone={zone} date /> to <Time at={told.to} zone={zone} date /></span>
            </header>
            <Progress done={overOf(told.stands)} total={told.slots} label="How far the backfill is" />
            <p class="small">{overOf(told.stands)} of {told.slots} ended: {inWords(told.stands)}</p>
            <div class="buttons">
              {!told.over ? (
                <Action
                  change="POST /backfills/{backfill}/stop"
                  job={job}
                  label="Stop it"
                  title="Stop the backfill"
                  says="What is still in line is taken out; what runs goes on."
                  does={(reason) => ({
                    change: 'POST /backfills/{backfill}/stop',
                    order: { path: { backfill }, body: { reason } },
                    done: ({ taken_out }) => ({ text: `Stopped; ${taken_out ?? 0} slots were taken out of the line.` }),
                  })}
                  done={() => void one.again()}
                />
              ) : null}
              {place.word('backfill') === backfill ? (
                <button class="plain" type="button" onClick={() => place.filter({ backfill: null })}>Show it no more</button>
              ) : null}
            </div>
          </>
        )}
      </Await>
    </section>
  );
}
