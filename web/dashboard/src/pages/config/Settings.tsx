import type { Setting } from '../../made/api';
import { place } from '../../lib/router';
import Empty from '../../lib/ui/Empty';
import { narrowed, sections, sourceOf, sources, type Section } from './settings';
import './Settings.css';

// All that is in force, by sections of the file, narrowed down by the address.
export default function Settings({ items }: { items: Setting[] }) {
  const filter = { words: place.word('q'), changed: place.word('only') === 'changed', source: place.word('from') };
  const shown = narrowed(items, filter);
  const narrow = Boolean(filter.words || filter.changed || filter.source);
  return (
    <>
      <div class="Settings filters" role="search" aria-label="Narrow down">
        <div class="words">
          <label for="setting-words">Words</label>
          <input
            id="setting-words"
            data-search
            value={filter.words}
            onInput={(event) => place.filter({ q: event.currentTarget.value })}
            placeholder="queue money"
            autocomplete="off"
            spellcheck={false}
          />
        </div>
        <div>
          <label for="setting-from">From</label>
          <select id="setting-from" value={filter.source} onChange={(event) => place.filter({ from: event.currentTarget.value })}>
            <option value="">anywhere</option>
            {sources.map((one) => <option key={one}>{one}</option>)}
          </select>
        </div>
        <label class="check">
          <input type="checkbox" checked={filter.changed} onChange={(event) => place.filter({ only: event.currentTarget.checked ? 'changed' : null })} />
          {' Only what differs from the default'}
        </label>
      </div>
      <p class="small dim" role="status">{shown.length} of {items.length}</p>
      {shown.length ? sections(shown).map((group) => <Group key={group.name} group={group} narrow={narrow} />) : (
        <Empty title="No setting is like that">{filter.changed ? 'All of them are as shipped. ' : null}<a href="/config">All settings</a></Empty>
      )}
    </>
  );
}

function Group({ group, narrow }: { group: Section; narrow: boolean }) {
  const others = group.settings.filter((one) => sourceOf(one.setting.origin) !== 'default').length;
  return (
    <details class="Settings group" open={narrow || others > 0}>
      <summary>
        <h3>{group.name}</h3>{' '}
        <span class="small dim">{group.settings.length}{others ? `, ${others} of them otherwise than shipped` : ''}</span>
      </summary>
      <dl>
        {group.settings.map(({ name, setting }) => {
          const from = sourceOf(setting.origin);
          return (
            <div key={setting.key} class={from === 'default' ? '' : 'own'}>
              <dt title={setting.key}>{name}</dt>
              <dd class="value mono">{setting.value || '""'}</dd>
              <dd class="small from">
                {from === 'default' ? (
                  <span class="dimmer">default</span>
                ) : (
                  <><strong>{from}</strong> {from === 'live' ? setting.origin.slice(5) : setting.origin}</>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
