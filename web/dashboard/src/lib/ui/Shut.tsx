import { type ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { toasts } from '../toasts';

// A button that is shut while there is a reason, which it tells.
export default function Shut({ why, onClick, look = '', children }: { why: string; onClick: () => void; look?: string; children: ComponentChildren }) {
  const id = useId();
  return (
    <>
      <button
        class={look}
        type="button"
        aria-disabled={why ? 'true' : undefined}
        aria-describedby={why ? id : undefined}
        title={why || undefined}
        onClick={() => {
          if (why) toasts.say(why, { tone: 'bad' });
          else onClick();
        }}
      >
        {children}
      </button>
      {why ? <span class="unseen" id={id}>{why}</span> : null}
    </>
  );
}
