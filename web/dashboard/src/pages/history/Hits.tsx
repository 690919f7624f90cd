import { useMemo } from 'preact/hooks';
import { get } from '../../lib/api';
import { usePaged, type Fetch } from '../../lib/paged';
import type { Hit, SearchedPlace } from '../../made/api';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Outcome from '../../lib/ui/Outcome';
import Time from '../../lib/ui/Time';
import { asked, leadsTo, marked, soughtOf, type Filter } from './filter';
import './Hits.css';

const keyOf = (hit: Hit) => `${hit.slot} ${hit.execution} ${hit.excerpt}`;

export const found = (filter: Filter, where: SearchedPlace, { job, since, until }: ReturnType<typeof asked>): Fetch<Hit> => (cursor, signal, limit = 100) =>
  get('/history/search', { query: { words: soughtOf(filter), in: where, job, since, until, cursor, limit } }, signal);

// Where words were found, the newest first. Made anew for another filter.
export default function Hits({ filter, where }: { filter: Filter; where: SearchedPlace }) {
  const words = soughtOf(filter);
  const narrowed = useMemo(() => asked(filter, Date.now()), []);
  const hits = usePaged(found(filter, where, narrowed), keyOf, [where]);
  return (
    <DataList
      list={hits}
      keyOf={keyOf}
      label="What was found"
      what="The words could not be looked for"
      narrow={96}
      columns={[
        { name: 'Job', width: 'minmax(0, 1.4fr)' },
        { name: 'Due', width: 'minmax(0, 1.4fr)' },
        { name: 'Outcome', width: 'minmax(0, 1.2fr)' },
        { name: 'Found', width: 'minmax(0, 4fr)' },
      ]}
      row={(hit) => (
        <>
          <div class="Hits job" role="cell"><a href={leadsTo(hit.slot, hit.execution)}>{hit.job}</a></div>
          <div class="Hits due" role="cell"><Time at={hit.scheduled_for} seconds /></div>
          <div class="Hits outcome" role="cell"><Outcome standing={hit.outcome} /></div>
          <div class="Hits text" role="cell" title={hit.excerpt}>
            {marked(hit.excerpt, words).map((part, at) => (part.found ? <mark key={at}>{part.text}</mark> : part.text))}
          </div>
        </>
      )}
      empty={
        <Empty title="These words are nowhere there">
          All of them have to occur; <code>time*</code> is whatever begins so. Perhaps they stand elsewhere: in reasons, in what was set aside, or
          in logs.
        </Empty>
      }
    />
  );
}
