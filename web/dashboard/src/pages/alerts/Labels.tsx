import './Labels.css';

export default function Labels({ labels }: { labels: string[] }) {
  return <ul class="Labels labels">{labels.map((one) => <li key={one} class="mono">{one}</li>)}</ul>;
}
