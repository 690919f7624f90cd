import { type ComponentChildren } from 'preact';
import type { Loaded } from '../loaded';
import Problem from './Problem';
import Skeleton from './Skeleton';

// One answer of the API: room while it loads, words where it failed, and what was known as long as there is nothing newer.
export default function Await<T>({
  of,
  rows = 3,
  height = 44,
  what = undefined,
  children,
}: {
  of: Loaded<T>;
  rows?: number;
  height?: number;
  what?: string;
  children: (value: T) => ComponentChildren;
}) {
  return (
    <>
      {of.problem ? <Problem problem={of.problem} {...(what ? { what } : {})} again={() => void of.again()} /> : null}
      {of.value !== undefined ? <>{children(of.value)}</> : !of.problem ? <Skeleton rows={rows} height={height} /> : null}
    </>
  );
}
