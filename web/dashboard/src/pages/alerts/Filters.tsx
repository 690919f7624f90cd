import { useEffect } from 'preact/hooks';
import type { Alert } from '../../made/api';
import { get } from '../../lib/api';
import { listed } from '../../lib/download';
import { useOwn } from '../../lib/own';
import type { Fetch } from '../../lib/paged';
import { place } from '../../lib/router';
import Export from '../../lib/ui/Export';
import { severities, type Filter } from './alerts';
import './Filters.css';

// Those that stand and those that are over, unless it names a state.
export const alertsLike = (filter: Filter): Fetch<Alert> => (cursor, signal, limit = 100) =>
  get('/alerts', { query: { ...filter, all: !filter.state, cursor, limit } as never }, signal);

export default function Filters({ filter, rules }: { filter: Filter; rules: string[] }) {
  // As they are typed: what is there counts once it is said, and the page may be drawn anew before.
  const own = useOwn(() => ({ rule: filter.rule, job: filter.job }));
  useEffect(() => { own.rule = filter.rule; }, [filter.rule]);
  useEffect(() => { own.job = filter.job; }, [filter.job]);
  const states = ['firing', 'pending', 'resolved'];
  const offered = [...new Set([...rules, ...(filter.rule ? [filter.rule] : [])])].sort();
  const narrowed = Object.values(filter).some(Boolean);
  return (
    <form class="AlertsFilters" onSubmit={(event) => event.preventDefault()}>
      <label>
        State
        <select value={filter.state} onChange={(event) => place.filter({ state: event.currentTarget.value })}>
          <option value="">any</option>
          {states.map((one) => <option key={one}>{one}</option>)}
        </select>
      </label>
      <label>
        Severity
        <select value={filter.severity} onChange={(event) => place.filter({ severity: event.currentTarget.value })}>
          <option value="">any</option>
          {severities.map((one) => <option key={one}>{one}</option>)}
        </select>
      </label>
      <label>
        Rule
        <input
          data-search
          list="alert-rules"
          value={own.rule}
          placeholder="any"
          autocomplete="off"
          onInput={(event) => { own.rule = event.currentTarget.value; }}
          onChange={(event) => place.filter({ rule: event.currentTarget.value.trim() })}
        />
      </label>
      <datalist id="alert-rules">{offered.map((one) => <option key={one} value={one} />)}</datalist>
      <label>
        Job
        <input
          value={own.job}
          placeholder="any"
          autocomplete="off"
          onInput={(event) => { own.job = event.currentTarget.value; }}
          onChange={(event) => place.filter({ job: event.currentTarget.value.trim() })}
        />
      </label>
      {narrowed && <button class="plain" type="button" onClick={() => place.filter({ state: '', severity: '', rule: '', job: '' })}>Show all</button>}
      <Export files={listed('alerts', alertsLike(filter))} />
    </form>
  );
}
