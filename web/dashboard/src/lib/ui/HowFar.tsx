import { useEffect } from 'preact/hooks';
import type { Underway } from '../../made/api';
import { ApiProblem, get } from '../api';
import Progress from '../charts/Progress';
import { useOwn } from '../own';
import { countsOf } from '../selection';

const first = 1000, again = 500;

// How far the server is with an act on many, while that act is asked for: not at once, for most are over by then.
export default function HowFar({ act }: { act: string /* its Idempotency-Key */ }) {
  const own = useOwn(() => ({ told: undefined as Underway | undefined }));
  useEffect(() => {
    const stop = new AbortController();
    async function ask() {
      try {
        own.told = (await get('/slots/many/{act}', { path: { act } }, stop.signal)).value;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
      }
      timer = setTimeout(ask, again);
    }
    let timer = setTimeout(ask, first);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [act]);
  const { told } = own;
  if (!told?.of) return null;
  const said = `${countsOf(told)}, of ${told.of.toLocaleString('en')}`;
  return (
    <>
      <Progress done={told.done + told.refused} total={told.of} label={said} />
      <p class="small dim">{said}</p>
    </>
  );
}
