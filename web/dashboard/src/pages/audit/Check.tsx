import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../../lib/api';
import { useOwn } from '../../lib/own';
import Icon from '../../lib/ui/Icon';
import Problem from '../../lib/ui/Problem';
import './Check.css';

export interface Checked {
  whole: boolean;
  broken: string;
  seal: string;
  words: string;
}

// Whether a chain is whole: reckoned anew when somebody asks.
export default function Check({ label, what, check }: { label: string; what: string; check: (signal: AbortSignal) => Promise<Checked> }) {
  const own = useOwn(() => ({ busy: false, found: null as Checked | null, problem: null as ApiProblem | null }));
  const stop = useRef<AbortController | null>(null);
  async function look() {
    const { signal } = (stop.current = new AbortController());
    own.busy = true;
    own.problem = null;
    try {
      own.found = await check(signal);
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
      <div class="Check">
        <button type="button" disabled={own.busy} onClick={() => void look()}>{own.busy ? 'Checking …' : label}</button>
        <p class={own.found ? (own.found.whole ? 'tone-good' : 'tone-bad') : ''} role="status">
          {own.found ? (
            <>
              <Icon name={own.found.whole ? 'tick' : 'cross'} /> {own.found.whole ? `${what} is whole` : `${what} is broken: ${own.found.broken}`}{' '}
              <span class="dim small" title={own.found.seal && `its seal: ${own.found.seal}`}>({own.found.words})</span>
            </>
          ) : null}
        </p>
      </div>
      {own.problem ? <Problem problem={own.problem} what="It could not be checked" again={() => void look()} /> : null}
    </>
  );
}
