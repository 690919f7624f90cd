import { exported, listed } from '../../lib/download';
import { place } from '../../lib/router';
import { link } from '../../lib/route';
import Export from '../../lib/ui/Export';
import { addressed, asked, filterOf, ignored, mended, mistakes, places, soughtOf } from './filter';
import Count from './Count';
import Hits, { found } from './Hits';
import SearchBox from './SearchBox';
import Slots from './Slots';
import './History.css';

// What was: slots as somebody narrows them, words in what went wrong, and both as files.
export default function History() {
  const filter = filterOf((name) => place.word(name));
  const wrong = mistakes(filter, Date.now());
  const sought = soughtOf(filter);
  const left = sought ? ignored(filter) : [];
  const where = places.find((one) => one.id === place.word('in'))?.id ?? 'reasons';
  const quick = [
    { title: 'Failed', word: 'end', value: 'failed' },
    { title: 'Timed out', word: 'end', value: 'timed_out' },
    { title: 'Missed', word: 'end', value: 'missed' },
    { title: 'Unknown', word: 'state', value: 'unknown' },
    { title: 'Asked for', word: 'trigger', value: 'manual' },
    { title: 'Last 24 h', word: 'since', value: '24h' },
  ] as const;
  const name = ['history', filter.job, filter.end].filter(Boolean).join('-');
  // Asks of another filter make the lists anew.
  const key = JSON.stringify(addressed(filter));
  const trends = link('/history/trends', {}, { job: filter.job });
  return (
    <>
      <div class="History head">
        <h1 tabindex={-1}>History</h1>
        <a class="button" href={trends}>Trends</a>
      </div>
      <SearchBox />
      <div class="History bar">
        <div class="group" role="group" aria-label="Often looked for">
          {quick.map((one) => (
            <button
              key={one.title}
              class="plain"
              type="button"
              aria-pressed={filter[one.word] === one.value}
              onClick={() => place.filter({ [one.word]: filter[one.word] === one.value ? null : one.value }, { push: true })}
            >
              {one.title}
            </button>
          ))}
        </div>
        <Export
          label="Export what is shown"
          shut={wrong.length ? mended : ''}
          files={sought ? listed(name, found(filter, where, asked(filter, Date.now()))) : exported(name, () => asked(filter, Date.now()))}
        />
      </div>
      {wrong.map((one) => <p key={one.text} class="tone-warn small" role="alert">It was not narrowed by this — {one.text}</p>)}
      {sought ? (
        <>
          <div class="History bar">
            <div class="group" role="group" aria-label="Where words are looked for">
              {places.map((one) => (
                <button
                  key={one.id}
                  class="plain"
                  type="button"
                  aria-pressed={where === one.id}
                  onClick={() => place.filter({ in: one.id === 'reasons' ? null : one.id })}
                >
                  {one.title}
                </button>
              ))}
            </div>
          </div>
          {left.length ? (
            <p class="small dim">
              Words are narrowed by job, since and until alone; {left.join(', ')} {left.length > 1 ? 'do' : 'does'} nothing here.
            </p>
          ) : null}
          <Hits key={key} filter={filter} where={where} />
        </>
      ) : (
        <>
          <Count key={key} filter={filter} />
          <Slots key={`slots ${key}`} filter={filter} />
        </>
      )}
    </>
  );
}
