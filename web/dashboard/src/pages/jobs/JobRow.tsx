import type { Job, RecentSlot } from '../../made/api';
import { clock } from '../../lib/clock';
import { standingOf } from '../../lib/outcomes';
import { link } from '../../lib/route';
import { millis, relative, span } from '../../lib/time';
import Icon from '../../lib/ui/Icon';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import Recent from './Recent';
import Tags from './Tags';
import './JobRow.css';

// A job in the list: a row, and a card where there is little room.
export default function JobRow({ job, recent }: { job: Job; recent: RecentSlot[] | undefined }) {
  const { last, schedule, paused } = job;
  return (
    <>
      <div class="JobRow name" role="cell">
        <a href={link('/jobs/:job', { job: job.job })}>{job.job}</a>
        <span class="small dimmer cut">
          {job.queue ? `queue ${job.queue}` : ''}
          {job.queue && job.second_person ? ', ' : ''}
          {job.second_person ? 'needs two' : ''}{' '}
          <Tags tags={job.tags} />
        </span>
      </div>
      <div class="JobRow schedule" role="cell" title={`${schedule.description}, ${schedule.expression}, ${schedule.zone}`}>
        <span class="cut">{schedule.description}</span>
        <span class="small dim cut"><code>{schedule.expression}</code> {schedule.zone}</span>
      </div>
      <div class="JobRow next" role="cell">
        {!job.enabled || !job.next ? (
          <span class="dimmer">{job.enabled ? 'never' : 'not while off'}</span>
        ) : millis(job.next) <= clock.now ? (
          <span>due now</span>
        ) : (
          <>
            <span class="nowrap"><Time at={job.next} zone={schedule.zone} /></span>
            <span class="small dim">{relative(millis(job.next), clock.now)}{paused ? ', if resumed' : ''}</span>
          </>
        )}
      </div>
      <div class="JobRow last" role="cell">
        {job.running ? (
          <Outcome standing="running" />
        ) : last ? (
          <a href={link(last.execution ? '/executions/:id' : '/slots/:id', { id: last.execution || last.id })}><Outcome standing={standingOf(last)} /></a>
        ) : (
          <span class="dimmer">not yet worked</span>
        )}
        {last?.ended_at ? <span class="small dim"><Time at={last.ended_at} zone={schedule.zone} as="relative" /></span> : null}
      </div>
      <div class="JobRow took dim" role="cell">{last?.started_at && last.ended_at ? span(millis(last.ended_at) - millis(last.started_at)) : ''}</div>
      <div class="JobRow strip" role="cell"><Recent job={job.job} slots={recent} /></div>
      <div class="JobRow state" role="cell">
        {!job.enabled ? (
          <span class="tone-quiet"><Icon name="square" /> switched off</span>
        ) : paused ? (
          <>
            <span class="tone-warn"><Icon name="pause" /> paused</span>
            <span class="small dim cut" title={`${paused.by}: ${paused.reason}`}>{paused.by}: {paused.reason}</span>
          </>
        ) : job.failures_in_a_row ? (
          <>
            <span class="tone-bad"><Icon name="cross" /> failing</span>
            <span class="small dim">{job.failures_in_a_row} in a row</span>
          </>
        ) : (
          <span class="dim">on</span>
        )}
      </div>
    </>
  );
}
