import type { Tone } from '../outcomes';

// What stands above a bar beside its colour: a cross where it went wrong, a dot where it is to be looked at.
export default function Flag({ tone, x, y }: { tone: Tone; x: number; y: number }) {
  if (tone === 'bad') return <path d={`M${x} ${y}l5 5m0-5l-5 5`} />;
  return tone === 'warn' ? <circle class="fill-warn" cx={x + 2.5} cy={y + 3} r="2.25" /> : null;
}
