import type { Overview } from '../../made/api';
import Fact from './Fact';
import { clock } from '../../lib/clock';
import { facts } from './health';
import './Health.css';

// How the service is, a line each: shape and word first, then the numbers.
export default function Health({ overview }: { overview: Overview }) {
  return (
    <section class="Health" aria-labelledby="health">
      <h2 id="health">Health</h2>
      <dl>{facts(overview, clock.now).map((fact) => (<Fact key={fact.name} {...fact} />))}</dl>
    </section>
  );
}
