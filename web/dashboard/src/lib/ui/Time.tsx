import { clock } from '../clock';
import { preferences } from '../preferences';
import { complete, exact, millis, relative, zoneFor } from '../time';

// An instant as somebody wants it: relative with the exact one beside it or in its title, the zone always named.
export default function Time({
  at,
  zone = undefined,
  as = 'exact',
  seconds = false,
  date = 'auto',
}: {
  at: string | number | null | undefined;
  zone?: string | undefined; // of the job it belongs to
  as?: 'exact' | 'relative' | 'both';
  seconds?: boolean;
  date?: boolean | 'auto';
}) {
  const instant = typeof at === 'string' ? millis(at) : at;
  const shown = zoneFor(preferences.zone, zone);
  const words = (() => {
    if (instant === null || instant === undefined) return '';
    const now = clock.now,
      look = { zone: shown, now, seconds, date };
    if (as === 'relative') return relative(instant, now);
    return as === 'both' ? `${exact(instant, look)}, ${relative(instant, now)}` : exact(instant, look);
  })();
  return (
    <>
      {instant === null || instant === undefined ? (<span class="dimmer">never</span>) : (
        <time datetime={new Date(instant).toISOString()} title={complete(instant, shown)}>
          {words}
          {as === 'relative' && <span class="unseen">, {complete(instant, shown)}</span>}
        </time>
      )}
    </>
  );
}
