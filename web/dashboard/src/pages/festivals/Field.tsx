import { useId } from 'preact/hooks';
import type { Mistake } from '../../made/api';
import './Field.css';

// A field of the form, with what is wrong with it beside it.
export default function Field({
  label,
  value,
  type = 'text',
  options = [],
  rows = 0,
  placeholder = undefined,
  most = undefined,
  hint = '',
  where = '',
  problems = [],
  onvalue,
}: {
  label: string;
  value: string;
  onvalue: (value: string) => void;
  type?: 'text' | 'number' | 'datetime-local';
  hint?: string;
  placeholder?: string | undefined;
  options?: string[]; // one of these alone
  rows?: number; // of a text with several lines
  most?: number | undefined; // characters
  where?: string; // of a list, so that a mistake says of which it is
  problems?: Mistake[];
}) {
  const id = useId();
  const more = {
    id,
    value,
    placeholder,
    maxlength: most,
    spellcheck: false,
    autocomplete: 'off',
    'aria-invalid': problems.length ? 'true' : undefined,
    'aria-describedby': `${id}-more`,
    onInput: (event: { currentTarget: { value: string } }) => onvalue(event.currentTarget.value),
  } as const;
  const place = (one: Mistake) => (where && one.where !== where ? `${one.where.slice(where.length).replace(/^\./, '')}: ` : '');
  return (
    <div class="Field">
      <label for={id}>{label}</label>
      {options.length ? (
        <select id={id} value={value} onChange={(event) => onvalue(event.currentTarget.value)} aria-describedby={`${id}-more`}>
          {(options.includes(value) ? options : [...options, value]).map((one) => <option key={one}>{one}</option>)}
        </select>
      ) : rows ? <textarea {...more} rows={rows} />
        : type === 'number' ? <input {...more} type="number" />
          : type === 'datetime-local' ? <input {...more} type="datetime-local" step={value.includes('.') ? '0.001' : value.length > 16 ? '1' : '60'} />
            : <input {...more} type="text" />}
      <div class="small" id={`${id}-more`}>
        {hint ? <span class="dim">{hint}</span> : null}
        {problems.map((one) => <p key={one.where + one.what} class="wrong">{place(one)}{one.what}{one.right ? `; ${one.right}` : ''}</p>)}
      </div>
    </div>
  );
}
