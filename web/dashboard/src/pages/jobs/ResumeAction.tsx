import { useId, useRef } from 'preact/hooks';
import type { BackfillPlan, JobDetails } from '../../made/api';
import { act } from '../../lib/act';
import { ApiProblem, newKey, send } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useOwn } from '../../lib/own';
import { permit } from '../../lib/permissions';
import { session } from '../../lib/session';
import { toasts } from '../../lib/toasts';
import Action from '../../lib/ui/Action';
import Time from '../../lib/ui/Time';
import './ResumeAction.css';

const failed = (error: unknown) => {
  if (!(error instanceof ApiProblem)) throw error;
  return error.detail;
};

// Ends a pause, and offers what was missed during it: nothing, the last of it, or all, by a backfill.
export default function ResumeAction({ job, blocked, again }: { job: JobDetails; blocked: string; again: () => void }) {
  const own = useOwn(() => ({ shown: undefined as BackfillPlan | undefined, why: '', take: 'none' as 'none' | 'last' | 'all', since: '' }));
  const reason = useRef('');
  const id = useId();
  const path = { job: job.job };
  const zone = job.schedule.zone;
  const may = permit(session.me, 'POST /jobs/{job}/backfills', job.job);
  const missed = own.shown?.slots.filter((one) => !one.left_out) ?? [];
  const many = missed.length.toLocaleString('en');

  const ask = async (from: string, to: string) => (await send('POST /jobs/{job}/backfills/plan', { path, body: { from, to } })).value;
  // The server's clock, as well as it is known here: a plan is of what has passed.
  const until = () => new Date(Math.max(clock.now - 1000, Date.parse(own.since))).toISOString();
  async function look() {
    own.shown = undefined;
    own.take = 'none';
    own.since = job.paused?.since ?? '';
    own.why = may.may ? '' : may.why;
    if (own.since && may.may) await ask(own.since, until()).then((told) => { own.shown = told; }, (error: unknown) => { own.why = failed(error); });
  }
  // Planned anew: more may have been missed since the dialog was opened.
  async function catchUp() {
    try {
      let now = await ask(own.since, until());
      const last = now.slots.findLast((one) => !one.left_out)?.scheduled_for;
      if (!last) return;
      if (own.take === 'last') now = await ask(last, last);
      const { plan_hash, from, to, would_work } = now;
      const order = { path, body: { plan_hash, from, to, reason: reason.current } };
      const { text, link } = await act({ change: 'POST /jobs/{job}/backfills', order, done: `${would_work} missed of ${job.job} in line.` }, newKey());
      toasts.say(text, { link });
    } catch (error) {
      toasts.say(`Resumed, but what was missed is not worked: ${failed(error)}`, { tone: 'bad' });
    }
    again();
  }
  return (
    <Action
      change="POST /jobs/{job}/resume"
      job={job.job}
      blocked={blocked}
      label="Resume"
      title={`Resume ${job.job}`}
      says="Slots of its schedule are worked again from now on."
      opened={() => void look()}
      does={(text) => {
        reason.current = text;
        return { change: 'POST /jobs/{job}/resume', order: { path, body: { reason: text } }, done: `${job.job} is resumed.` };
      }}
      undo={own.take === 'none' ? (text) => send('POST /jobs/{job}/pause', { path, body: { reason: text } }) : undefined}
      done={() => {
        again();
        if (own.take !== 'none') void catchUp();
      }}
      plan={
        <fieldset class="ResumeAction">
          <legend>What was missed</legend>
          {!own.shown ? (
            <p class="dim">{own.why || (own.since ? 'Looking …' : 'Nobody knows since when it is paused.')}</p>
          ) : !missed.length ? (
            <p class="dim">Nothing.</p>
          ) : (
            <>
              <p>
                <strong>{many}</strong>: <Time at={missed[0]?.scheduled_for} zone={zone} />
                {missed.length > 1 ? <> to <Time at={missed.at(-1)?.scheduled_for} zone={zone} /></> : null}
                .{own.shown.second_person ? ' To work it, somebody else has to agree.' : ''}
              </p>
              {([['none', 'None of it'], ['last', 'Work the last'], ['all', `Work all ${many}`]] as const).map(([value, text]) => (
                <label key={value}>
                  <input type="radio" name={id} checked={own.take === value} onChange={() => { own.take = value; }} />{text}
                </label>
              ))}
            </>
          )}
        </fieldset>
      }
    />
  );
}
