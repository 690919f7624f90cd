import { type ComponentChildren } from 'preact';
import { toasts } from '../toasts';

// A button that is shut while there is a reason, which it tells.
export default function Shut({ why, onClick, children }: { why: string; onClick: () => void; children: ComponentChildren }) {
  return (
    <button
      type="button"
      aria-disabled={why ? 'true' : undefined}
      title={why || undefined}
      onClick={() => {
        if (why) toasts.say(why, { tone: 'bad' });
        else onClick();
      }}
    >
      {children}
    </button>
  );
}
