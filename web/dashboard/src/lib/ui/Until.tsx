import { clock } from '../clock';
import { round } from '../time';
import Instant from './Instant';
import './Until.css';

const hour = 3_600_000, minute = 60_000;
export const after = (span: number) => new Date(Math.ceil((clock.now + span) / minute) * minute).toISOString();

// When something ends: after a span, or at an instant.
export default function Until({
  value,
  zone,
  hint,
  onvalue,
}: {
  value: string | undefined;
  zone: string;
  hint?: string;
  onvalue: (value: string | undefined) => void;
}) {
  return (
    <div class="Until">
      <Instant value={value} onvalue={onvalue} label="Until" zone={zone} hint={hint} />
      <div class="spans" role="group" aria-label="For how long">
        {[1, 4, 24, 168].map((hours) => <button key={hours} type="button" onClick={() => onvalue(after(hours * hour))}>{round(hours * hour)}</button>)}
      </div>
    </div>
  );
}
