import { Fragment, type ComponentChildren } from 'preact';
import { useRef, useEffect } from 'preact/hooks';
import { slice } from '../virtual';
import type { Paged } from '../paged';
import type { Selection } from '../selection';
import { keys } from '../keys';
import Problem from './Problem';
import Skeleton from './Skeleton';
import { useOwn } from '../../lib/own';
import './DataList.css';

// A list of any length: only rows that can be seen are in the page, and the next page is fetched as its end comes near.
// Rows are of one height. It is a table to those who hear it; j and k move through it, Enter follows a row's first link.
export default function DataList<T>({
  list,
  keyOf,
  label,
  columns,
  row,
  empty,
  sort = '',
  onsort = undefined,
  height = 48,
  narrow = 84,
  picks = undefined,
  what = 'The list could not be loaded',
}: {
  list: Paged<T>;
  keyOf: (item: T) => string;
  label: string; // what the list is, for those who hear it
  columns: { name: string; width: string; end?: boolean; by?: string }[]; // widths as of grid-template-columns
  sort?: string; // the `by` it is in order of; "-" before it: the other way round
  onsort?: ((by: string) => void) | undefined; // heads of columns with `by` can be pressed
  row: (item: T) => ComponentChildren; // one <div role="cell"> for each column
  empty: ComponentChildren;
  height?: number;
  narrow?: number; // of a row as a card, below 720 px
  picks?: Selection<T> | undefined; // rows can be picked, with x or their boxes
  what?: string;
}) {
  const own = useOwn(() => ({ top: 0, view: 800, wide: true, at: -1 }));
  const body = useRef<HTMLDivElement>(null);
  const rowHeight = own.wide ? height : narrow;
  const shown = slice(list.items.length, rowHeight, own.top, own.view);
  const template = (picks ? '1.75rem ' : '') + columns.map((one) => one.width).join(' ');
  const every = Boolean(picks) && list.items.length > 0 && list.items.every((item) => picks?.has(item));
  function measure() {
    if (!body.current) return;
    own.top = Math.max(0, -body.current.getBoundingClientRect().top);
    own.view = innerHeight;
    own.wide = innerWidth >= 720;
  }
  useEffect(() => {
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [list.items.length > 0]);
  useEffect(() => {
    if (list.next !== null && !list.loading && !list.problem && shown.end > list.items.length - 20) void list.more();
  }, [list.next, list.loading, list.problem, list.items, shown.end]);
  const rowAt = (index: number) => body.current?.querySelector<HTMLElement>(`[data-at="${index}"]`) ?? null;
  function pick() {
    const item = list.items[own.at];
    if (item) picks?.toggle(item);
  }
  function move(by: number) {
    if (!list.items.length || !body.current) return;
    own.at = Math.min(list.items.length - 1, Math.max(0, own.at + by));
    const y = body.current.getBoundingClientRect().top + own.at * rowHeight;
    if (y < 120 || y + rowHeight > innerHeight) scrollBy(0, y - innerHeight / 2);
    measure();
    requestAnimationFrame(() => rowAt(own.at)?.focus({ preventScroll: true }));
  }
  const now = useRef({ move, pick });
  now.current = { move, pick };
  useEffect(() => keys.list({
    move: (by) => now.current.move(by),
    open: () => rowAt(own.at)?.querySelector<HTMLElement>('a, button')?.click(),
    pick: picks && (() => now.current.pick()),
  }), [picks]);
  return (
    <>
      <div class={`DataList list ${picks ? 'picks' : ''}`} role="table" aria-label={label} aria-rowcount={list.over ? list.items.length + 1 : -1} style={{ '--columns': template }}>
        <div class="head" role="rowgroup">
          <div class="row" role="row" aria-rowindex={1}>
            {picks ? (
              <div role="columnheader">
                <label class="pick">
                  <span class="unseen">Pick all that are loaded</span>
                  <input type="checkbox" checked={every} indeterminate={picks.size > 0 && !every} onChange={() => picks.set(every ? [] : list.items)} />
                </label>
              </div>
            ) : null}
            {columns.map((column) => (
              <Fragment key={column.name}>
                {column.by && onsort ? (
                  (() => {
                    const by = column.by;
                    return (
                      <div
                        class={column.end ? 'end' : ''}
                        role="columnheader"
                        aria-sort={sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : 'none'}
                      >
                        <button class="plain" type="button" tabindex={own.wide ? 0 : -1} onClick={() => onsort?.(by)}>
                          {column.name}
                          <span class="way" aria-hidden="true">{sort === by ? '↑' : sort === `-${by}` ? '↓' : ''}</span>
                        </button>
                      </div>
                    );
                  })()
                ) : (<div class={column.end ? 'end' : ''} role="columnheader">{column.name}</div>)}
              </Fragment>
            ))}
          </div>
        </div>
        {list.fresh.length ? (<p class="fresh"><button type="button" onClick={() => list.takeFresh()}>{list.fresh.length} new</button></p>) : null}
        {list.items.length ? (
          <div class="body" role="rowgroup" ref={body} style={{ height: `${list.items.length * rowHeight}px` }}>
            {list.items.slice(shown.begin, shown.end).map((item, index) => (
              <div
                key={keyOf(item)}
                class="row"
                role="row"
                tabindex={-1}
                aria-rowindex={shown.begin + index + 2}
                data-at={shown.begin + index}
                style={{ height: `${rowHeight}px`, transform: `translateY(${(shown.begin + index) * rowHeight}px)` }}
              >
                {picks ? (
                  <div role="cell" class="box">
                    <label class="pick">
                      <span class="unseen">Pick it</span>
                      <input type="checkbox" tabindex={-1} checked={picks.has(item)} onChange={() => picks.toggle(item)} />
                    </label>
                  </div>
                ) : null}
                {row(item)}
              </div>
            ))}
          </div>
        ) : null}
      </div>
      {list.problem ? (<Problem problem={list.problem} what={what} again={() => void list.more()} />) : list.empty ? (<>{empty}</>) : list.loading || !list.begun ? (<Skeleton rows={list.items.length ? 2 : 6} height={rowHeight} />) : list.over ? (<p class="DataList over small dimmer">That is all: {list.items.length.toLocaleString('en')}.</p>) : null}
    </>
  );
}
