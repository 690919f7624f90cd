import type { Festival } from '../../made/api';
import { differences, written } from './draft';
import './Meanwhile.css';

// Somebody saved it while it was being changed here: what they did, and how both go together.
export default function Meanwhile({
  base,
  moved,
  both,
  theirs,
  mine,
}: {
  base: Festival;
  moved: Festival;
  both: string[];
  theirs: () => void;
  mine: () => void;
}) {
  const changes = differences(written(base), written(moved));
  return (
    <div class="Meanwhile" role="alert" tabindex={-1}>
      <p>
        <strong>Somebody changed it meanwhile.</strong> {both.length ? `Both of you changed ${both.join(', ')}.` : 'You changed other things than they did.'}
      </p>
      <ul class="small">
        {changes.map((one) => <li key={one.where}><code>{one.where}</code>: {one.before || 'nothing'} → <strong>{one.after || 'nothing'}</strong></li>)}
        {changes.length ? null : <li>Its look or its dates are written otherwise; they mean the same.</li>}
      </ul>
      <div class="buttons">
        <button type="button" onClick={mine}>Keep mine on top of it</button>
        <button class="plain" type="button" onClick={theirs}>Take theirs, drop mine</button>
      </div>
    </div>
  );
}
