import type { Alert } from '../../made/api';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useTitle } from '../../lib/own';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import { millis, span } from '../../lib/time';
import Icon from '../../lib/ui/Icon';
import Mark from '../../lib/ui/Mark';
import Problem from '../../lib/ui/Problem';
import Said from '../../lib/ui/Said';
import Skeleton from '../../lib/ui/Skeleton';
import Time from '../../lib/ui/Time';
import { lookOf, ways, wordsOf } from './alerts';
import Labels from './Labels';
import MakeSilence from './MakeSilence';
import Runbook from './Runbook';
import './OneAlert.css';

// One alert: what it is, since when, what it is about, and what to do. As live as the list, where it still stands.
export default function OneAlert({ id, live }: { id: string; live: Alert | undefined }) {
  // Asked for once more as it goes from among those that stand.
  const told = useLoaded((signal) => get('/alerts/{alert}', { path: { alert: id } }, signal), [id, Boolean(live)]);
  const alert = live ?? told.value;
  const query = new URLSearchParams(place.query);
  query.delete('id');
  useTitle(alert?.annotations.summary ?? `Alert ${id}`);
  return (
    <>
      <p class="OneAlert back">
        <a href={`/alerts${query.size ? `?${query.toString()}` : ''}`}><span class="turned"><Icon name="arrow" /></span> All alerts</a>
      </p>
      {alert ? (
        <>
          <h1 class="OneAlert" tabindex={-1}>{alert.annotations.summary ?? alert.rule}</h1>
          <p class="OneAlert stands">
            <Mark look={lookOf(alert)} /> <span class="word">{alert.state}</span>{' '}
            {alert.resolved_at ? (
              <span class="dim">lasted {span(millis(alert.resolved_at) - millis(alert.began_at))}, over <Time at={alert.resolved_at} as="both" /></span>
            ) : alert.fired_at ? (
              <span class="dim">since <Time at={alert.fired_at} as="both" /></span>
            ) : (
              <span class="dim">began <Time at={alert.began_at} as="both" />, and fires if it stays so</span>
            )}
          </p>
          {alert.held_back ? (
            <p class="OneAlert held"><Icon name="pause" /> Nobody is told: {alert.held_back}. <a href="/alerts/silences">Silences</a></p>
          ) : null}
          {alert.annotations.detail ? <p class="OneAlert detail"><Said text={alert.annotations.detail} /></p> : null}
          <div class="OneAlert acts">
            {ways(alert).map((way) => <a key={way.href} class="button" href={way.href}>{way.text}</a>)}
            {alert.state !== 'resolved' && <MakeSilence of={alert} />}
          </div>
          <dl class="OneAlert facts">
            <dt>Rule</dt>
            <dd><a href={link('/alerts', {}, { rule: alert.rule })}>{alert.rule}</a></dd>
            {alert.annotations.value ? (
              <>
                <dt>Value</dt>
                <dd><Said text={alert.annotations.value} /></dd>
              </>
            ) : null}
            <dt>Labels</dt>
            <dd>{Object.keys(alert.labels).length ? <Labels labels={wordsOf(alert.labels)} /> : <span class="dim">none: it is about all</span>}</dd>
            <dt>Began</dt>
            <dd><Time at={alert.began_at} seconds /></dd>
          </dl>
          <Runbook rule={alert.rule} way={alert.annotations.runbook ?? ''} />
        </>
      ) : (
        <>
          <h1 class="OneAlert" tabindex={-1}>Alert {id}</h1>
          {told.problem ? <Problem problem={told.problem} what="The alert could not be shown" again={() => void told.again()} /> : <Skeleton rows={8} />}
        </>
      )}
    </>
  );
}
