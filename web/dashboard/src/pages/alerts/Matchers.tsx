import { useId } from 'preact/hooks';
import type { Matcher } from './alerts';
import './Matchers.css';

export default function Matchers({ matchers, onmatchers }: { matchers: Matcher[]; onmatchers: (matchers: Matcher[]) => void }) {
  const known = ['rule', 'severity', 'job', 'node', 'sink', 'notifier', 'kind'];
  const id = useId();
  const change = (at: number, words: Partial<Matcher>) => onmatchers(matchers.map((one, index) => (index === at ? { ...one, ...words } : one)));
  return (
    <fieldset class="Matchers">
      <legend>Labels</legend>
      <datalist id={`${id}-known`}>{known.map((one) => <option key={one} value={one} />)}</datalist>
      {matchers.map((one, at) => (
        <div key={at} class="line">
          <input
            type="checkbox"
            checked={one.on}
            onChange={(event) => change(at, { on: event.currentTarget.checked })}
            aria-label={`By ${one.label || 'this label'}`}
          />
          <input
            value={one.label}
            onInput={(event) => change(at, { label: event.currentTarget.value })}
            list={`${id}-known`}
            aria-label="Label"
            autocomplete="off"
            maxlength={60}
          />
          <span aria-hidden="true">=</span>
          <input
            value={one.value}
            onInput={(event) => change(at, { value: event.currentTarget.value })}
            aria-label={`Value of ${one.label || 'this label'}`}
            autocomplete="off"
            maxlength={130}
            placeholder="og-*"
          />
        </div>
      ))}
      <button class="plain" type="button" onClick={() => onmatchers([...matchers, { label: '', value: '', on: true }])}>Another label</button>
    </fieldset>
  );
}
