import './Progress.css';

// How far something is; without a total, that it goes on.
export default function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const part = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div
      class={`Progress progress ${total <= 0 ? 'unknown' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={total > 0 ? Math.round(part * 100) : undefined}
    >
      <span style={{ transform: `scaleX(${total > 0 ? part : 1})` }} />
    </div>
  );
}
