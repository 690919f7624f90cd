import type { Tone } from '../../lib/outcomes';
import Icon from '../../lib/ui/Icon';
import './Fact.css';

export default function Fact({
  name,
  tone,
  word,
  value,
  detail,
  href,
}: {
  name: string;
  tone: Tone;
  word: string;
  value: string;
  detail: string;
  href: string;
}) {
  const shape = tone === 'good' ? 'tick' : tone === 'quiet' ? 'ring' : 'warning';
  return (
    <div class="Fact fact">
      <dt><a href={href}>{name}</a></dt>
      <dd class={`state tone-${tone}`}><Icon name={shape} /> {word}</dd>
      <dd class="value">{value}</dd>
      <dd class="detail small dim">{detail}</dd>
    </div>
  );
}
