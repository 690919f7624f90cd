// Fingers, mouse and wheel on the chart: drag moves, two fingers or Ctrl and the wheel zoom, a wheel turned sideways moves.
export interface Moves {
  x: (clientX: number) => number; // of the chart, 0 to 1
  pan: (part: number) => void;
  zoom: (factor: number, at: number) => void; // at: 0 to 1
  tap: (event: PointerEvent) => void;
}

const a_drag = 4; // pixels; less of it is a tap
const factorOf = (delta: number) => Math.exp(Math.max(-120, Math.min(120, delta)) / 300);

// On `axis` the wheel alone zooms: there is nothing to scroll.
export function gestures(chart: HTMLElement, axis: HTMLElement, moves: { readonly current: Moves }): () => void {
  const held = new Map<number, number>();
  let began = 0, dragged = false, apart = 0;
  const stop = new AbortController(), { signal } = stop;
  const gap = () => { const [a = 0, b = 0] = held.values(); return Math.max(24, Math.abs(a - b)); };

  chart.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (event.target as Element).closest('.name')) return;
    held.set(event.pointerId, event.clientX);
    if (held.size === 1) { began = event.clientX; dragged = false; }
    else { apart = gap(); dragged = true; }
  }, { signal });
  chart.addEventListener('pointermove', (event) => {
    const before = held.get(event.pointerId);
    if (before === undefined) return;
    if (!dragged && Math.abs(event.clientX - began) < a_drag) return;
    if (!dragged) chart.setPointerCapture(event.pointerId);
    dragged = true;
    held.set(event.pointerId, event.clientX);
    if (held.size === 1) moves.current.pan(moves.current.x(before) - moves.current.x(event.clientX));
    else {
      const now = gap(), [a = 0, b = 0] = held.values();
      moves.current.zoom(apart / now, moves.current.x((a + b) / 2));
      apart = now;
    }
  }, { signal });
  const let_go = (event: PointerEvent) => {
    if (!held.delete(event.pointerId)) return;
    if (!dragged && event.type === 'pointerup' && !(event.target as Element).closest('a')) moves.current.tap(event);
  };
  for (const name of ['pointerup', 'pointercancel'] as const) chart.addEventListener(name, let_go, { signal });

  // Where a drag ends on a link it was no click on it.
  chart.addEventListener('click', (event) => { if (dragged) event.preventDefault(); dragged = false; }, { signal, capture: true });

  const wheel = (event: WheelEvent) => {
    const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || (event.currentTarget === axis && !sideways)) moves.current.zoom(factorOf(event.deltaY), moves.current.x(event.clientX));
    else if (sideways && Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) moves.current.pan(sideways / 800);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  for (const one of [axis, chart]) one.addEventListener('wheel', wheel, { signal, passive: false });
  return () => stop.abort();
}
