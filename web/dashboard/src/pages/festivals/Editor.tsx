import { useEffect, useRef } from 'preact/hooks';
import type { Festival } from '../../made/api';
import { get, type Told } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { useOwn, useTitle } from '../../lib/own';
import Problem from '../../lib/ui/Problem';
import Skeleton from '../../lib/ui/Skeleton';
import Acts from './Acts';
import { standingOf } from './dates';
import { bodyOf, differences, draftOf, merged, moreOf, written, type Body } from './draft';
import Edits from './Edits';
import Foot from './Foot';
import Form from './Form';
import { useJudged } from './judged';
import Meanwhile from './Meanwhile';
import Preview from './Preview';
import Stands from './Stands';
import './Editor.css';

const none: Told<Festival | undefined> = { value: undefined, etag: '', next: null };

// One festival, or a new one: the form, what is done with it, how it will look, who changed it.
export default function Editor({ id }: { id: string }) {
  const own = useOwn(() => ({ base: null as Festival | null, draft: draftOf({}) }));
  const kept = useLoaded<Festival | undefined>(async (signal) => (id ? get('/festivals/{festival}', { path: { festival: id } }, signal) : none), [Math.floor(clock.now / 15_000)]);
  const { base, draft } = own;
  const body = bodyOf(draft);
  const was = written(base ?? {});
  const changes = differences(was, body);
  const moved = base && kept.value && kept.value.revision !== base.revision && changes.length ? kept.value : null;
  const judged = useJudged(draft, id, changes.length > 0 || base !== null);
  const readable = moreOf(draft.more) !== null;
  const wrong = !readable || (judged.told?.problems.length ?? 0) > 0;
  // What was written last without a mistake.
  const good = useRef<Body | null>(null);
  if (!changes.length) good.current = null;
  else if (judged.told?.valid && !judged.judging) good.current = id ? { ...body, id } : body;
  const title = base?.name ?? (id ? 'Festival' : 'New festival');
  useTitle(title);
  // What is kept is taken in unless somebody has begun to change it.
  useEffect(() => {
    const now = kept.value, before = written(own.base ?? {});
    if (!now) return;
    if (!own.base || !differences(before, bodyOf(own.draft)).length) take(now);
    else if (!differences(before, written(now)).length) own.base = now; // its flags were turned
  }, [kept.value]);
  function take(festival: Festival) {
    own.base = festival;
    own.draft = draftOf(festival);
  }
  function onTop(theirs: Festival) {
    own.base = theirs;
    own.draft = draftOf(merged(was, body, written(theirs)).body as Partial<Festival>);
  }
  // Its flags are turned within seconds, which is a new revision.
  function look(now?: Festival) {
    if (now) take(now);
    void kept.again();
    setTimeout(() => void kept.again(), 2500);
  }
  // Who was refused sees why: what somebody else did stands above the form.
  async function stale() {
    await kept.again();
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.Meanwhile')?.focus());
  }
  return (
    <>
      <p class="small"><a href="/festivals">Festivals</a></p>
      <div class="Editor top">
        <div>
          <h1 tabindex={-1}>{title}</h1>
          {base ? <Stands festival={base} /> : null}
        </div>
        {base ? <Acts festival={base} standing={standingOf(base, clock.now)} again={look} /> : null}
      </div>
      {kept.problem ? <Problem problem={kept.problem} what="The festival could not be shown" again={() => void kept.again()} /> : null}
      {moved && base ? (
        <Meanwhile base={base} moved={moved} both={merged(was, body, written(moved)).both} theirs={() => take(moved)} mine={() => onTop(moved)} />
      ) : null}
      {base || !id ? (
        <div class="Editor columns">
          <section aria-labelledby="form">
            <h2 id="form">{base ? 'What it is' : 'What it will be'}</h2>
            {judged.problem ? <Problem problem={judged.problem} what="It could not be judged" /> : null}
            <Form draft={draft} ondraft={(more) => { own.draft = { ...own.draft, ...more }; }} problems={judged.told?.problems ?? []} />
            <Foot
              base={base}
              body={body}
              changes={changes}
              judged={judged}
              readable={readable}
              moved={moved !== null}
              forget={() => {
                own.draft = draftOf(base ?? {});
                judged.forget();
              }}
              take={take}
              look={look}
              stale={() => void stale()}
            />
          </section>
          <aside aria-label="How it looks">
            <Preview kept={base} draft={good.current} own={draft.country} wrong={changes.length > 0 && wrong} />
            {base ? <Edits festival={base} /> : null}
          </aside>
        </div>
      ) : !kept.problem ? <Skeleton rows={12} /> : null}
    </>
  );
}
