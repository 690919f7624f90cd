import { type ComponentChildren } from 'preact';
import { useRef, useEffect, useId } from 'preact/hooks';
import Icon from './Icon';
import './Dialog.css';

// A dialog of the browser's own: it holds the focus, at first in the first field of its form, Escape closes it, and the focus goes back to where it was.
// `firm`: not closed by Escape, or a slip of the pointer.
export default function Dialog({
  open,
  title,
  children,
  wide = false,
  firm = false,
  onopen,
}: {
  open: boolean;
  onopen: (open: boolean) => void;
  title: string;
  children: ComponentChildren;
  wide?: boolean;
  firm?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return dialog.current?.close();
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>('form :is(input, select, textarea):not(:disabled)')?.focus();
  }, [open]);
  return (
    <dialog
      class={`Dialog ${wide ? 'wide' : ''}`}
      ref={dialog}
      aria-labelledby={`${id}-title`}
      onClose={() => { onopen(false); }}
      onCancel={(event) => { if (firm) event.preventDefault(); }}
      onClick={(event) => { if (event.target === dialog.current && !firm) onopen(false); }}
    >
      {open ? (
        <div class="inside">
          <header>
            <h2 id={`${id}-title`}>{title}</h2>
            <button class="plain icon" type="button" aria-label="Close" onClick={() => { onopen(false); }}><Icon name="close" /></button>
          </header>
          {children}
        </div>
      ) : null}
    </dialog>
  );
}
