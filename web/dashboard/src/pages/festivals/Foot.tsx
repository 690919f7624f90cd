import type { Festival } from '../../made/api';
import { nowhere, type Body, type Difference } from './draft';
import type { Judged } from './judged';
import Save from './Save';
import './Foot.css';

// What is wrong with a draft as a whole, and what can be done with it. While something is changed it stays in sight.
export default function Foot({
  base,
  body,
  changes,
  judged,
  readable,
  moved,
  forget,
  take,
  look,
  stale,
}: {
  base: Festival | null;
  body: Body;
  changes: Difference[];
  judged: Judged;
  readable: boolean; // all of it could be judged
  moved: boolean; // somebody changed it meanwhile
  forget: () => void; // what was typed
  take: (now: Festival) => void;
  look: () => void;
  stale: () => void;
}) {
  const problems = judged.told?.problems ?? [];
  const notes = judged.told?.notes ?? [];
  const ready = changes.length > 0 && readable && !judged.judging && !problems.length;
  const blocked = !changes.length
    ? 'Nothing was changed.'
    : problems.length
      ? `${problems.length} ${problems.length === 1 ? 'mistake is' : 'mistakes are'} left.`
      : !ready
        ? 'It is being judged.'
        : moved
          ? 'Somebody changed it meanwhile: see above.'
          : '';
  return (
    <div class={`Foot ${changes.length ? 'stays' : ''}`}>
      <div class="told" role="status">
        {problems.length ? (
          <>
            <p class="tone-bad"><strong>{problems.length} {problems.length === 1 ? 'mistake' : 'mistakes'}</strong>, each at its field.</p>
            <ul class="small">
              {nowhere(problems).map((one) => <li key={one.where + one.what}>{one.where}: {one.what}{one.right ? `; ${one.right}` : ''}</li>)}
            </ul>
          </>
        ) : judged.told?.valid && changes.length ? <p class="tone-good">Nothing is wrong with it.</p> : null}
        {notes.length && !problems.length ? (
          <details class="small" open={notes.length < 3}>
            <summary>{notes.length} to know</summary>
            <ul>{notes.map((note) => <li key={note}>{note}</li>)}</ul>
          </details>
        ) : null}
      </div>
      {changes.length ? <button class="plain" type="button" onClick={forget}>Undo what I typed</button> : null}
      <Save base={base} body={body} changes={changes} ready={ready} blocked={blocked} take={take} look={look} stale={stale} />
    </div>
  );
}
