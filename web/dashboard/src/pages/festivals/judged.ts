// What the server says of a draft: judged once it rests for a moment; an answer that comes late is of no use.
import { useEffect } from 'preact/hooks';
import type { FestivalJudgement } from '../../made/api';
import { ApiProblem, send } from '../../lib/api';
import { useOwn } from '../../lib/own';
import { bodyOf, moreOf, type Draft } from './draft';

const rests = 400;

export interface Judged {
  told: FestivalJudgement | null;
  problem: ApiProblem | null; // it could not be judged
  judging: boolean; // what is told is of an older draft
  forget: () => void;
}

// `id`: empty for a new one; `begun`: there is something to be judged.
export function useJudged(draft: Draft, id: string, begun: boolean): Judged {
  const own = useOwn(() => ({ told: null as FestivalJudgement | null, problem: null as ApiProblem | null, of: null as Draft | null }));
  useEffect(() => {
    if (!begun || !moreOf(draft.more)) return;
    let late = false;
    const timer = setTimeout(() => {
      const body = bodyOf(draft);
      send('POST /festivals/validate', { body: id ? { ...body, id } : body }).then(
        ({ value }) => { if (!late) Object.assign(own, { told: value, problem: null, of: draft }); },
        (error) => { if (!late && error instanceof ApiProblem) Object.assign(own, { problem: error, of: draft }); },
      );
    }, rests);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [draft, id, begun]);
  return { told: own.told, problem: own.problem, judging: own.of !== draft, forget: () => { own.told = null; } };
}
