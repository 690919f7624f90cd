import { lookOf } from '../outcomes';
import Icon from './Icon';
import './Outcome.css';

// How a slot ended or stands: shape and word, and a colour with them.
export default function Outcome({ standing, bare = false }: { standing: string; bare?: boolean }) {
  const look = lookOf(standing);
  return (
    <span class={`Outcome outcome tone-${look.tone}`}>
      <Icon name={look.shape} />
      {bare ? <span class="unseen">{look.word}</span> : <span>{look.word}</span>}
    </span>
  );
}
