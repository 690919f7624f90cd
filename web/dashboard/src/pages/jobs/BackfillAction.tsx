import { useId } from 'preact/hooks';
import type { Backfill, BackfillPlan, JobDetails } from '../../made/api';
import { ApiProblem, send } from '../../lib/api';
import { lookOf } from '../../lib/outcomes';
import { useOwn } from '../../lib/own';
import { round } from '../../lib/time';
import { place } from '../../lib/router';
import Action from '../../lib/ui/Action';
import Instant from '../../lib/ui/Instant';
import Problem from '../../lib/ui/Problem';
import Time from '../../lib/ui/Time';
import './BackfillAction.css';

const most = 500;

function Plan({ of: { slots, would_work, second_person, expected_ms }, zone, apart }: { of: BackfillPlan; zone: string; apart: number }) {
  return (
    <section class="BackfillAction" aria-label="The plan">
      <p>
        <strong>{would_work} of {slots.length} slots would be worked.</strong>
        {expected_ms ? ` That takes about ${round(Math.max(expected_ms, apart * would_work))}, by what its slots took lately.` : ''}
        {second_person ? ' Somebody else has to agree first.' : ''}
        {would_work ? '' : ' There is nothing to do in that range.'}
      </p>
      <ul class="slots small" tabindex={0} aria-label="Its slots">
        {slots.slice(0, most).map((one) => (
          <li key={one.scheduled_for} class={one.left_out ? 'out' : ''}>
            <Time at={one.scheduled_for} zone={zone} date />
            <span>{one.stands === 'no row' ? 'never entered' : lookOf(one.stands).word}</span>
            <span class="dim">{one.left_out ? 'left out' : 'worked'}</span>
          </li>
        ))}
        {slots.length > most ? <li class="dim">and {slots.length - most} more</li> : null}
      </ul>
    </section>
  );
}

// What was not completed in a range, worked now: first the plan, then exactly that plan.
export default function BackfillAction({ job, blocked }: { job: JobDetails; blocked: string }) {
  const own = useOwn(() => ({
    from: undefined as string | undefined,
    to: undefined as string | undefined,
    seconds: '0',
    shown: undefined as BackfillPlan | undefined,
    problem: null as ApiProblem | null,
    busy: false,
  }));
  const id = useId();
  const path = { job: job.job };
  const zone = job.schedule.zone;
  function begin() {
    const day = 86_400_000, until = Math.floor(Date.now() / 60_000) * 60_000;
    own.from = new Date(until - day).toISOString();
    own.to = new Date(until).toISOString();
    forget();
  }
  function forget() {
    own.shown = undefined;
    own.problem = null;
  }
  async function ask() {
    if (!own.from || !own.to) return;
    own.busy = true;
    forget();
    try {
      own.shown = (await send('POST /jobs/{job}/backfills/plan', { path, body: { from: own.from, to: own.to } })).value;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      own.problem = error;
    } finally {
      own.busy = false;
    }
  }
  const spacing = () => Math.round(Number(own.seconds) * 1000);
  function order(reason: string) {
    const { plan_hash = '', from = '', to = '' } = own.shown ?? {};
    return { path, body: { plan_hash, from, to, reason, ...(spacing() > 0 ? { spacing_ms: spacing() } : {}) } };
  }
  const told = (answer: unknown) => {
    const { key, slots } = answer as Backfill;
    place.filter({ backfill: key });
    return { text: `${slots} slots of ${job.job} are in line.` };
  };
  return (
    <Action
      change="POST /jobs/{job}/backfills"
      job={job.job}
      blocked={blocked}
      label="Backfill"
      title={`Backfill ${job.job}`}
      wide
      opened={begin}
      confirm={own.shown ? `Work these ${own.shown.would_work}` : 'Work them'}
      says="Slots of the range that were not completed are worked, each once. What is done, or being worked, is left out."
      ready={Boolean(own.shown && own.shown.would_work > 0)}
      does={(reason) => ({ change: 'POST /jobs/{job}/backfills', order: order(reason), done: told })}
      fields={
        <>
          <div class="BackfillAction range">
            <Instant value={own.from} onvalue={(value) => { own.from = value; forget(); }} label="From" zone={zone} />
            <Instant value={own.to} onvalue={(value) => { own.to = value; forget(); }} label="To" zone={zone} />
            <div class="field">
              <label for={`${id}-spacing`}>Seconds between two <span class="dim">(0: as fast as its rules let)</span></label>
              <input
                id={`${id}-spacing`}
                type="number"
                min={0}
                max={86400}
                value={own.seconds}
                onInput={(event) => { own.seconds = event.currentTarget.value; }}
              />
            </div>
          </div>
          <div>
            <button type="button" onClick={() => void ask()} disabled={own.busy || !own.from || !own.to}>{own.busy ? 'Asking …' : 'Show the plan'}</button>
          </div>
        </>
      }
      plan={
        <>
          {own.problem ? <Problem problem={own.problem} what={own.problem.means('There is no such plan')} /> : null}
          {own.shown ? <Plan of={own.shown} zone={zone} apart={spacing()} /> : null}
        </>
      }
    />
  );
}
