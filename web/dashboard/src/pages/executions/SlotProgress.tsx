import type { Slot } from '../../made/api';
import Progress from '../../lib/charts/Progress';
import { clock } from '../../lib/clock';
import { span } from '../../lib/time';
import { pace } from './execution';
import './SlotProgress.css';

// How far what runs is, how quickly it goes, and until when.
export default function SlotProgress({ slot, p50 }: { slot: Slot; p50: number | null }) {
  const { done, total } = slot.progress;
  const { rate, took, eta } = pace(slot, p50, clock.now);
  const far = done.toLocaleString('en');
  return (
    <div class="SlotProgress far">
      <Progress done={done} total={total} label="How far it is" />
      <p class="small">
        <strong>{total > 0 ? `${far} of ${total.toLocaleString('en')}` : done ? `${far} done` : 'It does not tell how far it is'}</strong>
        {rate !== null ? `, ${Math.round(rate).toLocaleString('en')} a second` : ''}; for {span(Math.floor(took / 1000) * 1000)}; {eta}
      </p>
    </div>
  );
}
