import { addressOf, get } from '../../lib/api';
import { linesOf, listed } from '../../lib/download';
import { usePaged, type Fetch } from '../../lib/paged';
import { place } from '../../lib/router';
import type { AuditEntry, Outcome as Done } from '../../made/api';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Export from '../../lib/ui/Export';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import Check from './Check';
import { asked, briefly, difference, lastNumber, refused } from './difference';
import Entry from './Entry';
import Filters from './Filters';
import './Audit.css';

const keyOf = (entry: AuditEntry) => entry.id;

// Who did what, or was refused it: narrowed, read, exported, and whether the chain is whole.
export default function Audit() {
  const said = asked((name) => place.word(name));
  const query = { ...said, outcome: (said.outcome || undefined) as Done | undefined };
  const ask: Fetch<AuditEntry> = (cursor, signal, limit = 100) => get('/audit', { query: { ...query, cursor, limit } }, signal);
  const entries = usePaged(ask, keyOf, Object.values(query));
  const open = entries.items.find((one) => one.id === place.word('id'));
  const check = async (signal: AbortSignal) => {
    const { value } = await get('/audit/check', {}, signal);
    return {
      whole: value.whole,
      broken: value.broken,
      seal: value.seal,
      words: `${value.rows.toLocaleString('en')} entries${value.unchained ? `, ${value.unchained.toLocaleString('en')} older than the chain` : ''}`,
    };
  };
  const page = 10_000;
  const after = (text: string) => {
    const id = lastNumber(text, page);
    return id && addressOf('/audit/export', {}, { after: id });
  };
  return (
    <>
      <div class="Audit head">
        <h1 tabindex={-1}>Audit</h1>
        <a class="button" href="/audit/auditor">Auditor</a>
      </div>
      <div class="Audit bar">
        <Check label="Check the chain" what="The chain" check={check} />
        <Export
          files={[
            ...listed('audit', ask),
            { title: 'Export all, chained', name: 'audit-whole.jsonl', make: linesOf(() => addressOf('/audit/export'), after) },
          ]}
        />
      </div>
      <Filters />
      <DataList
        list={entries}
        keyOf={keyOf}
        label="Audit"
        narrow={92}
        columns={[
          { name: 'When', width: 'minmax(0, 1.5fr)' },
          { name: 'Who', width: 'minmax(0, 1.2fr)' },
          { name: 'What', width: 'minmax(0, 1.2fr)' },
          { name: 'Job', width: 'minmax(0, 1.2fr)' },
          { name: 'Outcome', width: '7rem' },
          { name: 'Change and reason', width: 'minmax(0, 3fr)' },
        ]}
        row={(entry) => (
          <>
            <div class="Audit when" role="cell"><Time at={entry.at} seconds /></div>
            <div class="Audit who" role="cell">{entry.who}</div>
            <div class="Audit what" role="cell">
              <a href={`?${new URLSearchParams([...place.query].filter(([name]) => name !== 'id').concat([['id', entry.id]])).toString()}`}>{entry.what}</a>
            </div>
            <div class="Audit job" role="cell">{entry.job}</div>
            <div class={`Audit outcome tone-${refused(entry.outcome) ? 'bad' : 'good'}`} role="cell" title={entry.outcome}>
              <Icon name={refused(entry.outcome) ? 'bar' : 'tick'} /> {refused(entry.outcome) ? 'refused' : 'done'}
            </div>
            <div class="Audit change dim" role="cell">
              {[briefly(difference(entry.was, entry.became)), entry.detail, entry.reason && `“${entry.reason}”`].filter(Boolean).join(' · ')}
            </div>
          </>
        )}
        empty={<Empty title="Nothing of that kind was done or refused">Take a filter away, or look further back.</Empty>}
      />
      {open ? <Entry entry={open} /> : null}
    </>
  );
}
