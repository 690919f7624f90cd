import type { Tone } from '../outcomes';
import Icon from './Icon';
import './Mark.css';

// How something stands: shape and word, in a colour with them. Of slots it is Outcome.
export default function Mark({ look }: { look: { word: string; shape: string; tone: Tone } }) {
  return (<span class={`Mark mark tone-${look.tone}`}><Icon name={look.shape} /> {look.word}</span>);
}
