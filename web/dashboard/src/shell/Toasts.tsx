import { toasts } from '../lib/toasts';
import Icon from '../lib/ui/Icon';
import './Toasts.css';

export default function Toasts() {
  return (
    <div class="Toasts toasts" role="status" aria-live="polite">
      {toasts.shown.map((toast) => (
        <div key={toast.id} class="toast">
          <span class={`tone-${toast.tone}`}><Icon name={toast.tone === 'good' ? 'tick' : 'warning'} /></span>
          <p>{toast.text} {toast.link ? <a href={toast.link.href}>{toast.link.text}</a> : null}</p>
          {toast.undo ? (<button type="button" onClick={() => { toast.undo?.(); toasts.drop(toast.id); }}>Undo</button>) : null}{' '}
          <button class="plain icon" type="button" aria-label="Dismiss" onClick={() => toasts.drop(toast.id)}><Icon name="close" /></button>
        </div>
      ))}
    </div>
  );
}
