import { clock } from '../../lib/clock';
import Instant from '../../lib/ui/Instant';
import './PauseUntil.css';

const minute = 60_000;
const spans = [['1 h', 60], ['4 h', 240], ['1 day', 1440]] as const;

// When a pause ends: after a span, at an instant, or as somebody resumes it.
export default function PauseUntil({ value, zone, onvalue }: { value: string | undefined; zone: string; onvalue: (value: string | undefined) => void }) {
  const after = (minutes: number) => new Date(Math.ceil(clock.now / minute + minutes) * minute).toISOString();
  return (
    <div class="PauseUntil">
      <Instant value={value} onvalue={onvalue} label="Until" zone={zone} hint="empty: until it is resumed" />
      <div class="spans" role="group" aria-label="For how long">
        {spans.map(([text, minutes]) => <button key={text} type="button" onClick={() => onvalue(after(minutes))}>{text}</button>)}
      </div>
    </div>
  );
}
