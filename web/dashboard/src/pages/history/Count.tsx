import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { asked, type Filter } from './filter';
import './Count.css';

// How many slots are like that, as far as it is worth counting. Made anew for another filter.
export default function Count({ filter }: { filter: Filter }) {
  const count = useLoaded((signal) => get('/history/count', { query: asked(filter, Date.now()) }, signal), []);
  const told = count.value;
  const words = told && `${told.count.toLocaleString('en')}${told.more ? '+' : ''} ${told.count === 1 && !told.more ? 'slot' : 'slots'}`;
  return <p class="Count small dim">{words ?? (count.problem ? `not counted: ${count.problem.title}` : 'counting …')}</p>;
}
