import { useRef } from 'preact/hooks';
import type { Job, ManyDone } from '../../made/api';
import { send } from '../../lib/api';
import { useOwn } from '../../lib/own';
import { countsOf, type Selection } from '../../lib/selection';
import Action from '../../lib/ui/Action';
import Picked from '../../lib/ui/Picked';
import Until from '../../lib/ui/Until';

const acts = [
  {
    change: 'POST /jobs/pause',
    back: 'POST /jobs/resume',
    label: 'Pause',
    fits: (job: Job) => !job.paused,
    not: 'All of these are paused.',
    says: 'Slots of their schedules are refused until they are resumed. What is paused already stays as it is.',
  },
  {
    change: 'POST /jobs/resume',
    back: 'POST /jobs/pause',
    label: 'Resume',
    fits: (job: Job) => job.paused !== null,
    not: 'None of these is paused.',
    says: 'Their schedules are worked again. A job’s own page offers what it missed.',
  },
] as const;

// What can be done to many jobs at once.
export default function JobsPicked({ picks }: { picks: Selection<Job> }) {
  const own = useOwn(() => ({ result: undefined as ManyDone | undefined, until: undefined as string | undefined }));
  const did = useRef<Record<string, string[]>>({}); // only what this changed is taken back
  const jobs = picks.items.map((one) => one.job);
  return (
    <Picked picks={picks} result={own.result}>
      {acts.map(({ change, back, label, fits, not, says }) => (
        <Action
          key={change}
          change={change}
          job={jobs[0]}
          label={label}
          title={`${label} ${jobs.length} jobs`}
          confirm={`${label} ${jobs.length}`}
          blocked={picks.items.some(fits) ? '' : not}
          says={`${jobs.slice(0, 9).join(', ')}${jobs.length > 9 ? ` and ${jobs.length - 9} more` : ''}. ${says}`}
          opened={() => { own.until = undefined; }}
          does={(reason) => ({
            change,
            order: { body: { jobs, reason, ...(own.until ? { until: own.until } : {}) } },
            done: (answer) => {
              did.current[label] = answer.items.filter((one) => !one.why).map((one) => one.job);
              own.result = answer;
              return { text: `${label}: ${countsOf(answer)}.` };
            },
          })}
          undo={(reason) => send(back, { body: { jobs: did.current[label] ?? [], reason } })}
          fields={label === 'Pause' ? <Until hint="empty: until it is resumed" value={own.until} onvalue={(value) => { own.until = value; }} zone="UTC" /> : null}
        />
      ))}
    </Picked>
  );
}
