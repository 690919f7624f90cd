import { useEffect, useRef } from 'preact/hooks';
import type { Slot } from '../../made/api';
import { newKey } from '../../lib/api';
import { commands } from '../../lib/commands';
import { link } from '../../lib/route';
import Action from '../../lib/ui/Action';
import './SlotActions.css';

const decisions = [
  {
    decision: 'try_again',
    label: 'Try again',
    says: 'Another attempt is made. Take it where working it twice does no harm, or where it did nothing.',
    done: 'It is tried again.',
  },
  {
    decision: 'completed',
    label: 'It completed',
    says: 'You say that it did what it was to do. The slot ends as completed, and nothing more is done.',
    done: 'It stands as completed.',
  },
  {
    decision: 'failed',
    label: 'It failed',
    says: 'You say that it did not do what it was to do. The slot ends as failed, and nothing more is done.',
    done: 'It stands as failed.',
  },
] as const;

// What can be done about a slot: stop it, work it anew, or say what became of it.
export default function SlotActions({ slot, again }: { slot: Slot; again: () => void }) {
  const key = useRef('');
  const bar = useRef<HTMLDivElement>(null);
  const { job } = slot;
  const ended = slot.state === 'ended';
  const press = (what: string) => bar.current?.querySelector<HTMLElement>(`[data-change*="}/${what}"] button`)?.click();
  useEffect(
    () => commands.offer(ended ? { title: 'Work this slot anew', run: () => press('run') } : { title: 'Cancel this slot', run: () => press('cancel') }),
    [ended],
  );
  const asked = (answer: unknown) => ({
    text: `${job} is worked anew.`,
    link: { text: 'What becomes of it', href: link('/slots/:id', { id: (answer as Slot).id }) },
  });
  return (
    <div class="SlotActions actions" ref={bar} role="group" aria-label="What can be done">
      {slot.state === 'unknown' ? (
        decisions.map((one) => (
          <Action
            key={one.decision}
            change="POST /slots/{slot}/decide"
            job={job}
            label={one.label}
            title={`${one.label}: ${job}`}
            says={`${one.says} This cannot be taken back.`}
            does={(reason) => ({
              change: 'POST /slots/{slot}/decide',
              order: { path: { slot: slot.id }, body: { decision: one.decision, reason } },
              done: one.done,
            })}
            done={again}
          />
        ))
      ) : ended ? (
        <Action
          change="POST /jobs/{job}/run"
          job={job}
          label="Work it anew"
          title={`Work ${job} of that instant anew`}
          opened={() => { key.current = `again:${slot.id}:${newKey().slice(0, 8)}`; }}
          says="A new slot of the same instant is put into the line; this one stays as it is. What is done by instants, as payments are, is not done twice. Where its job needs a second person, it waits for one."
          does={(reason) => ({
            change: 'POST /jobs/{job}/run',
            order: { path: { job }, body: { at: slot.scheduled_for, key: key.current, reason } },
            done: asked,
          })}
          done={again}
        />
      ) : (
        <Action
          change="POST /slots/{slot}/cancel"
          job={job}
          label="Cancel"
          title={`Cancel ${job}`}
          danger
          blocked={slot.cancel_requested_by ? `${slot.cancel_requested_by} has asked it to stop already.` : ''}
          says={
            slot.state === 'running'
              ? 'It is asked to stop at its next chunk; what was committed stays. It can be worked anew.'
              : 'It is taken out of the line and ends as cancelled. It can be worked anew.'
          }
          does={(reason) => ({
            change: 'POST /slots/{slot}/cancel',
            order: { path: { slot: slot.id }, body: { reason } },
            done: ({ cancelled }) => ({ text: cancelled === 'ended' ? 'It is cancelled.' : 'It was asked to stop.' }),
          })}
          done={again}
        />
      )}
    </div>
  );
}
