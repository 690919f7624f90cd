import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem, get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useOwn } from '../../lib/own';
import type { Comparison } from '../../made/api';
import Icon from '../../lib/ui/Icon';
import Instant from '../../lib/ui/Instant';
import Problem from '../../lib/ui/Problem';
import Time from '../../lib/ui/Time';
import Differences from './Differences';
import './Compare.css';

const hour = 3_600_000;
const text = (at: number) => new Date(at).toISOString();
const number = (count: number) => count.toLocaleString('en');

// A range enumerated anew by the auditor: what should have been worked and paid, beside what was.
export default function Compare() {
  const own = useOwn(() => {
    const now = Math.floor(clock.now / hour) * hour;
    return {
      from: text(now - 24 * hour) as string | undefined,
      to: text(now) as string | undefined,
      busy: false,
      told: undefined as Comparison | undefined,
      problem: null as ApiProblem | null,
    };
  });
  const stop = useRef<AbortController | null>(null);
  const slots = own.told?.counts.reduce((sum, one) => sum + (one.slots?.expected ?? 0), 0) ?? 0;
  async function look() {
    const { signal } = (stop.current = new AbortController());
    own.busy = true;
    own.problem = null;
    try {
      own.told = (await get('/audit/slots', { query: { from: own.from, to: own.to } }, signal)).value;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      own.problem = error;
    } finally {
      own.busy = false;
    }
  }
  useEffect(() => () => stop.current?.abort(), []);
  return (
    <>
      <form class="Compare" onSubmit={(event) => { event.preventDefault(); void look(); }}>
        <Instant value={own.from} onvalue={(value) => { own.from = value; }} label="From" zone="UTC" required />
        <Instant value={own.to} onvalue={(value) => { own.to = value; }} label="To" zone="UTC" hint="31 days at most" required />
        <button type="submit" disabled={own.busy || !own.from || !own.to}>{own.busy ? 'Enumerating …' : 'Enumerate anew'}</button>
      </form>
      <p class={`Compare ${own.told ? (own.told.total ? 'tone-bad' : 'tone-good') : ''}`} role="status">
        {own.told ? (
          <>
            <Icon name={own.told.total ? 'cross' : 'tick'} /> {own.told.total ? `${number(own.told.total)} differences` : 'No difference'}: {number(slots)} slots should
            have been, from <Time at={own.told.from} /> to <Time at={own.told.to} />
            {own.told.known_from > own.told.from ? <>; what was before <Time at={own.told.known_from} /> is not judged</> : null}.
          </>
        ) : null}
      </p>
      {own.problem ? <Problem problem={own.problem} what="It could not be compared" again={() => void look()} /> : null}
      {own.told?.total ? (
        <>
          <Differences items={own.told.differences} />
          {own.told.left_off ? <p class="small dim">and {number(own.told.left_off)} more</p> : null}
        </>
      ) : null}
    </>
  );
}
