import { useEffect, useId, useRef } from 'preact/hooks';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import './Filters.css';

const fields = [
  { name: 'who', title: 'Who', hint: 'asha' },
  { name: 'what', title: 'What', hint: 'pause, or festival.*' },
  { name: 'job', title: 'Job', hint: 'og-daily-bonus' },
];

// What narrows the audit; the address holds it.
export default function Filters() {
  const own = useOwn(() => ({ typed: {} as Record<string, string> })); // and not in the address yet
  const timer = useRef(0);
  const id = useId();
  function later(name: string, value: string) {
    own.typed = { ...own.typed, [name]: value };
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      place.filter({ ...Object.fromEntries(Object.entries(own.typed).map(([name, value]) => [name, value.trim()])), id: null });
      own.typed = {};
    }, 300);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <form class="AuditFilters filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {fields.map((field, at) => (
        <div key={field.name}>
          <label for={`${id}-${field.name}`}>{field.title}</label>
          <input
            id={`${id}-${field.name}`}
            data-search={at === 0 ? '' : undefined}
            value={own.typed[field.name] ?? place.word(field.name)}
            placeholder={field.hint}
            autocomplete="off"
            spellcheck={false}
            maxlength={200}
            onInput={(event) => later(field.name, event.currentTarget.value)}
          />
        </div>
      ))}
      <div>
        <label for={`${id}-outcome`}>Outcome</label>
        <select id={`${id}-outcome`} value={place.word('outcome')} onChange={(event) => place.filter({ outcome: event.currentTarget.value, id: null })}>
          <option value="">Any</option>
          <option value="done">Done</option>
          <option value="refused">Refused</option>
        </select>
      </div>
      <div>
        <label for={`${id}-since`}>Since (UTC)</label>
        <input
          id={`${id}-since`}
          type="date"
          value={place.word('since').slice(0, 10)}
          onChange={(event) => place.filter({ since: event.currentTarget.value, id: null })}
        />
      </div>
    </form>
  );
}
