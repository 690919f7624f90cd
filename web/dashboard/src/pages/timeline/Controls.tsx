import { place } from '../../lib/router';
import Time from '../../lib/ui/Time';
import { spans, width, type View } from './view';
import './Controls.css';

// Which part of time is seen: by buttons, for whoever does not drag or press keys.
export default function Controls({
  view,
  follows,
  pan,
  zoom,
  show,
}: {
  view: View;
  follows: boolean;
  pan: (part: number) => void;
  zoom: (factor: number) => void;
  show: (span: number) => void;
}) {
  return (
    <div class="Controls controls">
      <div class="group" role="group" aria-label="How much is seen">
        {spans.map(({ name, ms }) => (
          <button key={ms} class="plain" type="button" aria-pressed={follows && Math.abs(width(view) - ms) < 1000} onClick={() => show(ms)}>{name}</button>
        ))}
      </div>
      <div class="group" role="group" aria-label="Move and zoom">
        <button class="icon" type="button" aria-label="Earlier" title="Earlier (←)" onClick={() => pan(-0.5)}>‹</button>
        <button type="button" aria-pressed={follows} title="Follow now (n)" onClick={() => show(width(view))}>Now</button>
        <button class="icon" type="button" aria-label="Later" title="Later (→)" onClick={() => pan(0.5)}>›</button>
        <button class="icon" type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoom(2)}>−</button>
        <button class="icon" type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoom(0.5)}>+</button>
      </div>
      <p class="range small dim"><Time at={view.from} date /> to <Time at={view.to} date /></p>
      <input
        class="jobs"
        data-search
        type="search"
        aria-label="Jobs whose names have these letters"
        placeholder="Jobs"
        value={place.word('q')}
        onInput={(event) => place.filter({ q: event.currentTarget.value })}
        autocomplete="off"
        spellcheck={false}
      />
    </div>
  );
}
