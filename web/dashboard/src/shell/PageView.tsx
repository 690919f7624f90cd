import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiProblem } from '../lib/api';
import { useOwn, useTitle } from '../lib/own';
import type { Match } from '../lib/route';
import { session } from '../lib/session';
import Problem from '../lib/ui/Problem';
import Skeleton from '../lib/ui/Skeleton';

const lost = new ApiProblem(0, 'No answer', 'A part of the dashboard could not be loaded: the server cannot be reached, or runs another version by now.', 'unreachable', '');

// One page, whose code comes when it is first asked for; who may not look at it is told why.
export default function PageView({ match: { page, parts } }: { match: Match }) {
  const own = useOwn(() => ({ content: null as ComponentType<{ parts: Record<string, string> }> | null, lost: false }));
  const barred = page.right ? session.lacks(page.right) : '';
  const Content = own.content;
  useTitle(page.title);
  useEffect(() => {
    if (!barred) page.load().then((loaded) => { own.content = loaded.default as typeof own.content; }, () => { own.lost = true; });
  }, [barred]);
  if (Content && !barred) return <Content parts={parts} />;
  return (
    <>
      <h1 tabindex={-1}>{page.title}</h1>
      {barred ? <p class="dim">{barred}</p>
        : own.lost ? <Problem problem={lost} again={() => location.reload()} /> : <Skeleton rows={8} />}
    </>
  );
}
