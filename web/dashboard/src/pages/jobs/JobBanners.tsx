import type { JobDetails } from '../../made/api';
import { get } from '../../lib/api';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { link } from '../../lib/route';
import Icon from '../../lib/ui/Icon';
import Said from '../../lib/ui/Said';
import Time from '../../lib/ui/Time';
import './JobBanners.css';

interface Said {
  tone: string;
  shape: string;
  text: string;
  detail?: string | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
  href?: string | undefined;
  zone: string;
}

function Banner({ tone, shape, text, detail, since, until, href, zone }: Said) {
  return (
    <li class={`is-${tone}`}>
      <span class={`tone-${tone}`}><Icon name={shape} size={18} /></span>
      <p>
        <strong>{text}</strong>
        {since ? <>, <Time at={since} zone={zone} as="both" /></> : null}
        {until ? <>, until <Time at={until} zone={zone} as="both" /></> : null}
        {detail ? <><br /><span class="dim"><Said text={detail} /></span></> : null}
      </p>
      {href ? <a href={href}>Look</a> : null}
    </li>
  );
}

// Why it is not worked, or what is the matter with it: who, why and until when.
export default function JobBanners({ job }: { job: JobDetails }) {
  const { last, paused, failures_in_a_row: failures, schedule: { zone } } = job;
  const firing = (useLive('alerts')?.items ?? []).filter((one) => one.labels.job === job.job && one.state === 'firing' && !one.held_back);
  const kill = useLoaded((signal) => get('/kill-switch', {}, signal), [job.enabled, last?.id]).value;
  const origin = job.settings.find((one) => one.key === 'enabled')?.origin;
  return (
    <ul class="JobBanners" aria-label="What to know of it">
      {kill?.on ? (
        <Banner
          tone="bad"
          shape="bar"
          text="The kill switch is on: nothing starts"
          detail={`${kill.by}: ${kill.reason}`}
          since={kill.since}
          href="/config"
          zone={zone}
        />
      ) : null}
      {!job.enabled ? (
        <Banner
          tone="warn"
          shape="square"
          text="Switched off: it is not worked, whoever asks"
          detail={origin && `By ${origin}`}
          href={link('/jobs/:job', { job: job.job }, { tab: 'changes' })}
          zone={zone}
        />
      ) : null}
      {paused ? <Banner tone="warn" shape="pause" text={`Paused by ${paused.by}`} detail={paused.reason} until={paused.until} zone={zone} /> : null}
      {firing.map((one) => (
        <Banner
          key={one.id}
          tone={one.severity === 'critical' ? 'bad' : 'warn'}
          shape="alerts"
          text={one.annotations.summary ?? one.rule}
          detail={one.annotations.detail}
          since={one.fired_at}
          href={link('/alerts', {}, { id: one.id })}
          zone={zone}
        />
      ))}
      {failures && !firing.length ? (
        <Banner
          tone="bad"
          shape="cross"
          text={`Failed ${failures === 1 ? 'the last time' : `${failures} times in a row`}`}
          detail={last?.reason}
          since={last?.ended_at}
          href={last?.execution && link('/executions/:id', { id: last.execution })}
          zone={zone}
        />
      ) : null}
    </ul>
  );
}
