import { ApiProblem, get } from '../../lib/api';
import { inWords, standingOf } from '../../lib/outcomes';
import { useOwn } from '../../lib/own';
import { countsOf, type Selection } from '../../lib/selection';
import { toasts } from '../../lib/toasts';
import type { ManyDone, Slot } from '../../made/api';
import Action from '../../lib/ui/Action';
import Picked from '../../lib/ui/Picked';
import Shut from '../../lib/ui/Shut';
import { asked, mended, mistakes, told, type Filter } from './filter';

// What can be done to many slots: those that were picked, or all that are like that, which the server then looks for.
export default function SlotsPicked({ picks, filter, again }: { picks: Selection<Slot>; filter: Filter; again: () => void }) {
  const own = useOwn(() => ({ result: undefined as ManyDone | undefined, narrowed: {} as Partial<ReturnType<typeof asked>> }));
  const slots = picks.items;
  const job = slots[0]?.job ?? filter.job;
  const size = picks.size.toLocaleString('en');
  const counts: Record<string, number> = {};
  for (const one of slots) counts[standingOf(one)] = (counts[standingOf(one)] ?? 0) + 1;
  const jobs = [...new Set(slots.map((one) => one.job))];
  const what = picks.whole
    ? `All ${size} of ${told(own.narrowed) || 'the history'}`
    : `${inWords(counts)}, of ${jobs.length > 5 ? `${jobs.length} jobs` : jobs.join(', ')}`;
  const wrong = mistakes(filter, Date.now()).length ? mended : '';
  const many = wrong ? wrong : !picks.whole && slots.length > 2000 ? 'More than 2,000: take all that match.' : '';
  const acts = [
    {
      change: 'POST /slots/cancel',
      label: 'Cancel',
      fits: (one: { state: string }) => one.state !== 'ended' && one.state !== 'unknown',
      says: 'What is in line ends as cancelled, what runs is asked to stop.',
    },
    {
      change: 'POST /slots/retry',
      label: 'Work anew',
      fits: (one: { state: string; ended: string | null }) => one.state === 'ended' && one.ended !== 'completed',
      says: 'What was not completed is put into the line again, once. Jobs that need a second person refuse.',
    },
  ] as const;
  const like = { state: filter.end ? 'ended' : (filter.state ?? ''), ended: filter.end ?? null };
  const order = (reason: string) => ({
    body: picks.whole ? { ...own.narrowed, matching: picks.whole, reason } : { slots: slots.map((one) => one.id), reason },
  });
  const done = (answer: ManyDone) => {
    own.result = answer;
    again();
    return { text: `${countsOf(answer)}.` };
  };
  async function all() {
    own.narrowed = asked(filter, Date.now());
    try {
      const { count, more } = (await get('/history/count', { query: own.narrowed })).value;
      if (more) toasts.say('More than 10,000 match: narrow it by job or time.', { tone: 'bad' });
      else picks.whole = count;
    } catch (error) {
      if (error instanceof ApiProblem) toasts.say(error.detail, { tone: 'bad' });
    }
  }
  return (
    <Picked picks={picks} result={own.result}>
      {picks.whole ? null : <Shut why={wrong} onClick={() => void all()}>All that match</Shut>}
      {acts.map(({ change, label, fits, says }) => (
        <Action
          key={change}
          change={change}
          job={job}
          label={label}
          title={`${label}: ${size} slots`}
          danger={label === 'Cancel'}
          quiet
          many
          confirm={`${label} ${size}`}
          blocked={many || (picks.whole ? !like.state || fits(like) : slots.some(fits)) ? many : 'None of these can be.'}
          says={`${what}. ${says}`}
          does={(reason) => ({ change, order: order(reason), done })}
        />
      ))}
    </Picked>
  );
}
