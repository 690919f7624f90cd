import type { Alert } from '../../made/api';
import { place } from '../../lib/router';
import Mark from '../../lib/ui/Mark';
import Said from '../../lib/ui/Said';
import Time from '../../lib/ui/Time';
import { lookOf, since } from './alerts';
import './AlertRow.css';

export default function AlertRow({ alert }: { alert: Alert }) {
  const query = new URLSearchParams(place.query);
  query.set('id', alert.id);
  return (
    <li class="AlertRow">
      <a class="to" href={`/alerts?${query.toString()}`}>
        <Mark look={lookOf(alert)} />
        <span class="text">
          <strong>{alert.annotations.summary ?? alert.rule}</strong>
          {alert.annotations.detail ? <span class="dim small"><Said text={alert.annotations.detail} /></span> : null}
          {alert.held_back ? <span class="small held">Nobody is told: {alert.held_back}</span> : null}
          {alert.state === 'resolved' && <span class="small tone-good">It is over.</span>}
        </span>
        <span class="dim small rule">{alert.rule}</span>
        <span class="dim small nowrap since"><Time at={since(alert)} as="relative" /></span>
      </a>
    </li>
  );
}
