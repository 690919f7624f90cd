import './Sparkline.css';

// How a number went, without axes; what it says is in the label, too.
export default function Sparkline({ values, label, width = 120, height = 28 }: { values: number[]; label: string; width?: number; height?: number }) {
  const most = Math.max(...values, 1);
  const least = Math.min(...values, 0);
  const x = (at: number) => (values.length < 2 ? width : (at / (values.length - 1)) * (width - 4) + 2);
  const y = (value: number) => height - 3 - ((value - least) / Math.max(1, most - least)) * (height - 6);
  const line = values.map((value, at) => `${at ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return (
    <svg class="Sparkline" role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <path d={line} />
      {values.length ? <circle cx={x(values.length - 1)} cy={y(values.at(-1) ?? 0)} r="2.5" /> : null}
    </svg>
  );
}
