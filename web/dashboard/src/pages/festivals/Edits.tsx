import type { AuditEntry, AuditList, Festival } from '../../made/api';
import { get, type Told } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { session } from '../../lib/session';
import Await from '../../lib/ui/Await';
import Said from '../../lib/ui/Said';
import Time from '../../lib/ui/Time';
import './Edits.css';

const most = 200;
const none: Told<AuditList> = { value: { items: [], next: null }, etag: '', next: null };
const words: Record<string, string> = {
  'festival.create': 'made',
  'festival.edit': 'changed',
  'festival.activate': 'started early',
  'festival.end': 'ended early',
  'festival.remove': 'taken away',
};

// A number may have been another festival's before this one was made.
function editsOf(festival: Festival, all: AuditEntry[]): AuditEntry[] {
  const some = all.filter((one) => one.detail.startsWith(`festival ${festival.id} (`) && one.outcome !== 'refused');
  const made = some.findIndex((one) => one.what === 'festival.create');
  return made < 0 ? some : some.slice(0, made + 1);
}

// Who edited it last, of the audit.
export default function Edits({ festival }: { festival: Festival }) {
  const may = session.may('audit');
  const edits = useLoaded(
    async (signal) => (may ? get('/audit', { query: { job: 'festival-activation', limit: most } }, signal) : none),
    [festival.revision, may],
  );
  return (
    <section class="Edits" aria-labelledby="edits">
      <h2 id="edits">Who changed it</h2>
      {may ? (
        <Await of={edits} rows={2} what="Who changed it could not be told">
          {(told) => {
            const some = editsOf(festival, told.items);
            if (!some.length) return <p class="dim small">{told.items.length < most ? 'Nobody changed it yet.' : `None of the last ${most} entries of the audit on festivals is of it.`}</p>;
            return (
              <ul class="edits">
                {some.slice(0, 10).map((one) => (
                  <li key={one.id}>
                    <strong>{one.who}</strong> <span>{words[one.what] ?? one.what}</span> <Time at={one.at} as="both" />
                    <span class="small dim"><Said text={one.detail.slice(one.detail.indexOf('): ') + 3)} />{one.reason ? ` — ${one.reason}` : ''}</span>
                  </li>
                ))}
              </ul>
            );
          }}
        </Await>
      ) : <p class="dim small">It stands in the audit. {session.lacks('audit')}</p>}
    </section>
  );
}
