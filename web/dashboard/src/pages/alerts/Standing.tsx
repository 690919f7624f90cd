import { useId } from 'preact/hooks';
import type { Alert } from '../../made/api';
import { useOwn } from '../../lib/own';
import AlertRow from './AlertRow';
import { inOrder, inPlace } from './alerts';
import './Standing.css';

// Alerts that stand. While somebody points at them none moves: others wait behind "1 new".
export default function Standing({ title, alerts, none }: { title: string; alerts: Alert[]; none: string }) {
  const own = useOwn(() => ({ held: null as Alert[] | null })); // those that were there as the pointer came
  const id = useId();
  const hold = () => { own.held = inOrder(alerts); };
  const shown = own.held ? inPlace(own.held, alerts) : inOrder(alerts);
  const fresh = alerts.filter((one) => !shown.some((other) => other.id === one.id)).length;
  return (
    <section class="Standing" aria-labelledby={`${id}-title`} onPointerEnter={hold} onPointerLeave={() => { own.held = null; }}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <span class="dim small">{alerts.length || 'none'}</span>
        {fresh ? <button class="fresh" type="button" onClick={hold}>{fresh} new</button> : null}
      </header>
      {shown.length ? (
        <ul class="alerts">{shown.map((alert) => <AlertRow key={alert.id} alert={alert} />)}</ul>
      ) : (
        <p class="none dim">{none}</p>
      )}
    </section>
  );
}
