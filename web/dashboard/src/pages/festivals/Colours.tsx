import type { Mistake } from '../../made/api';
import Icon from '../../lib/ui/Icon';
import { enough, full, pairs, told, type Palette } from './colours';
import { at } from './draft';
import './Colours.css';

// Colours in pairs: a ground and what is read on it, with the contrast that they have.
export default function Colours({
  title,
  path,
  palette,
  below = {},
  problems,
  onpalette,
}: {
  title: string;
  path: string;
  palette: Palette;
  onpalette: (palette: Palette) => void;
  below?: Palette;
  problems: Mistake[];
}) {
  const rest = at(problems, path).filter((one) => !pairs.flat().some((name) => one.where === `${path}.${name}`));
  const field = (name: string) => {
    const wrong = at(problems, `${path}.${name}`);
    const pick = (value: string) => onpalette({ ...palette, [name]: value.trim() });
    return (
      <div class="colour">
        <label for={`${path}.${name}`}>{name}</label>
        <span class="both">
          <input
            type="color"
            aria-label={`${title}, ${name}: pick`}
            value={full(palette[name] ?? '') || full(below[name] ?? '') || '#808080'}
            onInput={(event) => pick(event.currentTarget.value)}
          />
          <input
            id={`${path}.${name}`}
            value={palette[name] ?? ''}
            onInput={(event) => pick(event.currentTarget.value)}
            placeholder={below[name] || '#rrggbb'}
            spellcheck={false}
            autocomplete="off"
            maxlength={7}
            aria-invalid={wrong.length ? 'true' : undefined}
            aria-describedby={wrong.length ? `${path}.${name}-wrong` : undefined}
          />
        </span>
        {wrong.length ? (
          <span class="wrong small" id={`${path}.${name}-wrong`}>{wrong.map((one) => `${one.what}${one.right ? `; ${one.right}` : ''}`).join(' ')}</span>
        ) : null}
      </div>
    );
  };
  return (
    <fieldset class="Colours">
      <legend>{title}</legend>
      {pairs.map((pair) => {
        const is = told(pair, palette, below);
        return (
          <div key={pair[0]} class="pair">
            {field(pair[0])}
            {field(pair[1])}
            <div class="told small">
              {is.ratio === null ? <span class="dimmer">The platform’s own</span> : (
                <>
                  <span class="sample" aria-hidden="true" style={{ background: full(is.ground), color: full(is.text) }}>Aa</span>
                  <span class={is.ratio >= enough ? 'tone-good' : 'tone-bad'}>
                    <Icon name={is.ratio >= enough ? 'tick' : 'cross'} /> {(Math.floor(is.ratio * 10) / 10).toFixed(1)}
                  </span>
                  <span class="dim">
                    {is.filled ? `${is.text === '#000000' ? 'black' : 'white'} is filled in` : is.ratio >= enough ? 'can be read' : `needs ${enough}`}
                  </span>
                </>
              )}
            </div>
          </div>
        );
      })}
      {rest.length ? (
        <ul class="wrong small">
          {rest.map((one) => <li key={one.where + one.what}>{one.where}: {one.what}{one.right ? `; ${one.right}` : ''}</li>)}
        </ul>
      ) : null}
    </fieldset>
  );
}
