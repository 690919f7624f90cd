import type { RecentSlot } from '../../made/api';
import Flag from '../../lib/charts/Flag';
import { link } from '../../lib/route';
import { recently, sticks } from './charts';
import './Recent.css';

const width = 144, height = 28, step = 7;

// How a job's last slots ended and how long each took, the newest at the right; in words for who does not see it.
export default function Recent({ job, slots }: { job: string; slots: RecentSlot[] | undefined }) {
  if (!slots) return <svg width={width} height={height} />;
  const said = recently(slots);
  return (
    <>
      <span class="unseen">{job}, {said}</span>
      <svg class="Recent" aria-hidden="true" width={width} height={height} onMouseDown={(event) => event.preventDefault() /* what is hidden takes no focus */}>
        <title>{said}</title>
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
        {sticks(slots, width, step, height - 8).map(({ slot, x, tall, look: { tone }, said: what }) => {
          const top = height - tall;
          return (
            <a key={slot.slot} href={slot.execution ? link('/executions/:id', { id: slot.execution }) : `/slots/${slot.slot}`} tabindex={-1}>
              <title>{what}</title>
              <rect class="target" x={x} width={step} height={height} />
              <rect class={`fill-${tone}`} x={x + 1} y={top} width={step - 2} height={tall} />
              <Flag tone={tone} x={x + 1} y={top - 7} />
            </a>
          );
        })}
      </svg>
    </>
  );
}
