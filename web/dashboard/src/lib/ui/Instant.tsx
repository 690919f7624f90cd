import { useId } from 'preact/hooks';
import { preferences } from '../preferences';
import { shortZone, zoneFor } from '../time';
import { sayInstant, wallAt } from '../wall';
import './Instant.css';

// A field for an instant, on the clocks of the zone that times are shown in; the zone is named beside it.
export default function Instant({
  value,
  label,
  zone,
  hint = '',
  required = false,
  onvalue,
}: {
  value: string | undefined;
  onvalue: (value: string | undefined) => void; // as the API says it
  label: string;
  zone: string; // of the job it is about
  hint?: string | undefined;
  required?: boolean;
}) {
  const id = useId();
  const shown = zoneFor(preferences.zone, zone);
  const local = value ? wallAt(Date.parse(value), shown) : '';
  return (
    <div class="Instant field">
      <label for={id}>
        {label}{' '}
        <span class="dim">({shortZone(shown)} time{hint ? `; ${hint}` : ''})</span>
      </label>{' '}
      <input
        id={id}
        type="datetime-local"
        required={required}
        value={local}
        onInput={(event) => { onvalue(sayInstant(event.currentTarget.value, shown)); }}
      />
    </div>
  );
}
