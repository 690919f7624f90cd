import Icon from '../../lib/ui/Icon';
import Said from '../../lib/ui/Said';
import Time from '../../lib/ui/Time';
import type { Trouble } from './overview';
import './Troubles.css';

export default function Troubles({ wrong }: { wrong: Trouble[] }) {
  return wrong.length ? (
    <ul class="Troubles" aria-label="What is wrong">
      {wrong.map((one) => (
        <li key={one.id}>
          <a href={one.href}>
            <span class={`tone-${one.tone}`}><Icon name={one.shape} size={18} /></span>
            <span class="text">
              <strong>{one.text}</strong>
              {one.detail ? <span class="dim small"><Said text={one.detail} /></span> : null}
            </span>
            {one.since ? (<span class="dim small nowrap"><Time at={one.since} as="relative" /></span>) : null}
          </a>
        </li>
      ))}
    </ul>
  ) : null;
}
