import { useId, useMemo } from 'preact/hooks';
import type { JobDetails } from '../../made/api';
import { send } from '../../lib/api';
import { useOwn } from '../../lib/own';
import Action from '../../lib/ui/Action';
import Problem from '../../lib/ui/Problem';
import Skeleton from '../../lib/ui/Skeleton';
import { Preview, same, touched, type Wish } from './preview';
import PreviewOf from './PreviewOf';
import './ScheduleAction.css';

const rules = [
  ['vixie', 'vixie: once, as soon as there is such a time'],
  ['ocps', 'ocps: what is left out is not made up for'],
  ['single-value', 'single-value'],
] as const;

function Zones({ id }: { id: string }) {
  return <datalist id={id}>{Intl.supportedValuesOf('timeZone').map((zone) => (<option key={zone} value={zone} />))}</datalist>;
}

// Another schedule. As it is typed the server says what it means, when it would be due and what it would lie beside.
export default function ScheduleAction({ job, etag, again, blocked }: { job: JobDetails; etag: string; again: () => void; blocked: string }) {
  const own = useOwn(() => ({ wish: { schedule: '', zone: '', dst: '' } as Wish }));
  const preview = useMemo(() => new Preview(), []);
  const id = useId();
  const path = { job: job.job };
  const second = job.second_person ? ' Somebody else has to agree first.' : '';
  const now: Wish = { schedule: job.schedule.expression, zone: job.schedule.zone, dst: job.schedule.dst };
  function wishes(some: Partial<Wish>, after?: number) {
    own.wish = { ...own.wish, ...some };
    preview.ask(job.job, own.wish, after);
  }
  return (
    <Action
      change="PUT /jobs/{job}/schedule"
      job={job.job}
      blocked={blocked}
      label="Change schedule"
      title={`The schedule of ${job.job}`}
      wide
      opened={() => wishes(now, 0)}
      confirm="Put it in force"
      says={`It is in force on every node within a second, until it is taken back or the files are to count again.${second}`}
      ready={!same(now, own.wish) && same(preview.of, own.wish) && !preview.problem}
      does={(reason) => ({
        change: 'PUT /jobs/{job}/schedule',
        order: { path, body: { ...touched(now, own.wish), reason }, ifMatch: etag },
        done: `${job.job}: ${preview.told?.after.description}`,
      })}
      undo={(reason) => send('POST /jobs/{job}/undo', { path, body: { reason } })}
      done={again}
      fields={
        <div class="ScheduleAction wish">
          <div>
            <label for={`${id}-schedule`}>Schedule</label>
            <input
              class="mono"
              id={`${id}-schedule`}
              value={own.wish.schedule}
              onInput={(event) => wishes({ schedule: event.currentTarget.value })}
              autocomplete="off"
              spellcheck={false}
              aria-invalid={preview.problem?.means(true)}
              aria-describedby={`${id}-preview`}
            />
          </div>
          <div>
            <label for={`${id}-zone`}>Zone</label>
            <input
              id={`${id}-zone`}
              list={`${id}-zones`}
              value={own.wish.zone}
              onInput={(event) => wishes({ zone: event.currentTarget.value })}
              autocomplete="off"
              spellcheck={false}
            />
            <Zones id={`${id}-zones`} />
          </div>
          <div>
            <label for={`${id}-dst`}>Where clocks change</label>
            <select id={`${id}-dst`} value={own.wish.dst} onChange={(event) => wishes({ dst: event.currentTarget.value }, 0)}>
              {rules.map(([rule, says]) => (<option key={rule} value={rule}>{says}</option>))}
            </select>
          </div>
        </div>
      }
      plan={
        <div class="ScheduleAction preview" id={`${id}-preview`} aria-busy={!same(preview.of, own.wish)}>
          {preview.problem ? <Problem problem={preview.problem} what={preview.problem.means('That is no schedule')} again={preview.problem.unreachable ? () => wishes({}, 0) : undefined} />
            : preview.told ? <PreviewOf told={preview.told} changed={!same(now, preview.of ?? now)} />
            : <Skeleton rows={7} height={32} />}
        </div>
      }
    />
  );
}
