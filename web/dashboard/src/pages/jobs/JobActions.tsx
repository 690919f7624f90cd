import { useEffect, useRef } from 'preact/hooks';
import type { JobDetails, Slot } from '../../made/api';
import { send } from '../../lib/api';
import { commands } from '../../lib/commands';
import { keys } from '../../lib/keys';
import { useOwn } from '../../lib/own';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import { session } from '../../lib/session';
import Action from '../../lib/ui/Action';
import Instant from '../../lib/ui/Instant';
import Until from '../../lib/ui/Until';
import BackfillAction from './BackfillAction';
import { keptFrom } from './may';
import ResumeAction from './ResumeAction';
import ScheduleAction from './ScheduleAction';
import './JobActions.css';

// What can be done to a job. Each says what it does before, and what it did after.
export default function JobActions({ job, etag, again }: { job: JobDetails; etag: string; again: () => void }) {
  const own = useOwn(() => ({ at: undefined as string | undefined, profile: false, until: undefined as string | undefined, priority: '0' }));
  const name = job.job;
  const zone = job.schedule.zone;
  const path = { job: name };
  const paused = job.paused !== null;
  const blocked = keptFrom(job, session.me?.role);
  const second = job.second_person ? ' Somebody else has to agree first: what you ask for waits for that.' : '';
  const begins = job.running ? 'It runs at this moment; what you ask for is beside that, or waits, as its overlap rule says.'
    : 'It is put into the line, as if it were due.';
  const takeBack = (reason: string) => send('POST /jobs/{job}/undo', { path, body: { reason } });
  const live = job.settings.some((one) => one.key === 'schedule' && one.origin.startsWith('live'));
  const priority = own.priority ? Number(own.priority) : NaN;

  // The buttons themselves: who may not hears why.
  const bar = useRef<HTMLDivElement>(null);
  const press = (what: string) => bar.current?.querySelector<HTMLElement>(`[data-change*="}/${what}"] button`)?.click();
  const pause = () => { press('pause'); press('resume'); };
  // Others lead here with what is to be done: /jobs/flop?do=pause opens its dialog.
  const wanted = place.word('do');
  useEffect(() => {
    if (!wanted || place.path !== link('/jobs/:job', { job: name })) return;
    place.filter({ do: null });
    if (/^[a-z]+$/.test(wanted)) press(wanted);
  }, [wanted, name]);
  useEffect(() => keys.bind(
    { keys: 'r', what: 'Run it now', run: () => press('run') },
    { keys: 'p', what: 'Pause or resume it', run: pause },
    { keys: 'e', what: 'Change its schedule', run: () => press('schedule') },
  ), []);
  useEffect(() => commands.offer(
    { title: `Run ${name} now`, run: () => press('run') },
    { title: `${paused ? 'Resume' : 'Pause'} ${name}`, run: pause },
    { title: `Change the schedule of ${name}`, run: () => press('schedule') },
    { title: `Backfill ${name}`, run: () => press('backfill') },
  ), [name, paused]);

  const asked = (answer: unknown) => {
    const slot = answer as Slot;
    return { text: `${name} was asked for.`, link: { text: 'What becomes of it', href: link('/slots/:id', { id: slot.id }) } };
  };
  return (
    <div class="JobActions actions" ref={bar} role="group" aria-label="What can be done">
      <Action
        change="POST /jobs/{job}/run"
        job={name}
        label="Run now"
        title={`Run ${name} now`}
        says={`${begins} Neither a pause nor its breaker holds it back.${second}`}
        blocked={blocked || (job.enabled ? '' : 'It is switched off: nobody may run it.')}
        does={(reason) => ({
          change: 'POST /jobs/{job}/run',
          order: { path, body: { reason, ...(own.at ? { at: own.at } : {}), ...(own.profile ? { profile: own.profile } : {}) } },
          done: asked,
        })}
        done={again}
        fields={
          <>
            <Instant value={own.at} onvalue={(value) => { own.at = value; }} label="As of" zone={zone} hint="empty: now" />
            <label class="check">
              <input type="checkbox" checked={own.profile} onChange={(event) => { own.profile = event.currentTarget.checked; }} />
              Keep where its time goes
            </label>
          </>
        }
      />
      {paused ? (
        <ResumeAction job={job} blocked={blocked} again={again} />
      ) : (
        <Action
          change="POST /jobs/{job}/pause"
          job={name}
          blocked={blocked}
          label="Pause"
          title={`Pause ${name}`}
          says="Slots of its schedule are refused until it is resumed, and stand in the history. What runs goes on; what somebody asks for still runs."
          does={(reason) => ({
            change: 'POST /jobs/{job}/pause',
            order: { path, body: { reason, ...(own.until ? { until: own.until } : {}) } },
            done: `${name} is paused.`,
          })}
          undo={(reason) => send('POST /jobs/{job}/resume', { path, body: { reason } })}
          done={again}
          opened={() => { own.until = undefined; }}
          fields={<Until hint="empty: until it is resumed" value={own.until} onvalue={(value) => { own.until = value; }} zone={zone} />}
        />
      )}
      <ScheduleAction job={job} etag={etag} again={again} blocked={blocked} />
      {live ? (
        <Action
          change="DELETE /jobs/{job}/schedule"
          job={name}
          blocked={blocked}
          label="Reset schedule"
          title={`Let the schedule of ${name} go by the files again`}
          says={`The live schedule goes; what the files say is in force on every node at once.${second}`}
          does={(reason) => ({
            change: 'DELETE /jobs/{job}/schedule',
            order: { path, query: { reason }, ifMatch: etag },
            done: 'The schedule is the files’ again.',
          })}
          undo={takeBack}
          done={again}
        />
      ) : null}
      <Action
        change="PUT /jobs/{job}/priority"
        job={name}
        blocked={blocked}
        label="Priority"
        title={`The priority of ${name}`}
        says={`Of slots that wait in its queue, the highest priority is worked first: −1,000 to 1,000.${second}`}
        ready={Number.isInteger(priority) && Math.abs(priority) <= 1000 && priority !== job.priority}
        does={(reason) => ({
          change: 'PUT /jobs/{job}/priority',
          order: { path, body: { priority, reason }, ifMatch: etag },
          done: `Its priority is ${priority}.`,
        })}
        undo={takeBack}
        done={again}
        fields={
          <div class="field">
            <label for="priority">Priority, now {job.priority}</label>
            <input
              id="priority"
              type="number"
              min={-1000}
              max={1000}
              value={own.priority}
              onInput={(event) => { own.priority = event.currentTarget.value; }}
            />
          </div>
        }
      />
      <BackfillAction job={job} blocked={blocked} />
      {job.enabled ? (
        <Action
          change="POST /jobs/{job}/disable"
          job={name}
          blocked={blocked}
          label="Switch off"
          title={`Switch ${name} off`}
          danger
          plain
          says="Nothing of it starts any more, on any node, whoever asks; slots that come due are refused. What runs goes on."
          does={(reason) => ({ change: 'POST /jobs/{job}/disable', order: { path, body: { reason } }, done: `${name} is switched off.` })}
          undo={takeBack}
          done={again}
        />
      ) : (
        <Action
          change="POST /jobs/{job}/enable"
          job={name}
          blocked={blocked}
          label="Switch on"
          title={`Switch ${name} on`}
          says={`It is worked by its schedule again, whatever the files say.${second}`}
          does={(reason) => ({ change: 'POST /jobs/{job}/enable', order: { path, body: { reason } }, done: `${name} is switched on.` })}
          undo={takeBack}
          done={again}
        />
      )}
    </div>
  );
}
