import { useRef } from 'preact/hooks';
import { toasts } from '../toasts';
import './Copy.css';

// Something to be taken elsewhere: shown whole, and put on the clipboard. Over plain HTTP from another machine browsers
// have no clipboard for pages: then it is selected, and the person copies it.
export default function Copy({ text, name, lines = false }: { text: string; name: string; lines?: boolean }) {
  // name: "the command"; lines: it has several
  const shown = useRef<HTMLDivElement>(null);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      toasts.say(`Copied: ${name}.`);
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      toasts.say(`This page may not copy by itself: ${name} is selected, press Ctrl-C.`);
    }
  }
  return (
    <span class={`Copy copy ${lines ? 'lines' : ''}`}>
      <code ref={shown}>{text}</code>
      <button type="button" onClick={copy}>Copy <span class="unseen">{name}</span></button>
    </span>
  );
}
