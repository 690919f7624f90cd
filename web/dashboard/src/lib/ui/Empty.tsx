import { type ComponentChildren } from 'preact';
import './Empty.css';

// A list without anything in it: that it is so, and what to do.
export default function Empty({ title, children = undefined }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="Empty empty">
      <p><strong>{title}</strong></p>
      {children ? <div class="dim">{children}</div> : null}
    </div>
  );
}
