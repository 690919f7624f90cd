import { useEffect, useRef } from 'preact/hooks';
import { get } from '../../lib/api';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import Icon from '../../lib/ui/Icon';
import { addressed, filterOf, parse, suggest, written, type Known } from './filter';
import './SearchBox.css';

// One box for all that narrows the history, with what may be meant below it. The address holds what was said.
export default function SearchBox() {
  const said = written(filterOf((name) => place.word(name)));
  const own = useOwn(() => ({ text: said, caret: 0, open: false, at: -1, known: { jobs: [], nodes: [], queues: [], people: [] } as Known }));
  const input = useRef<HTMLInputElement>(null);
  const asked = useRef(false);
  useEffect(() => { if (written(parse(own.text)) !== said) own.text = said; }, [said]);
  const found = suggest(own.text, own.caret, own.known);
  const shown = own.open && found.items.length > 0;
  // Asked for once somebody types: names that are there now.
  function learn() {
    own.open = true;
    if (asked.current) return;
    asked.current = true;
    const note = (more: Partial<Known>) => { own.known = { ...own.known, ...more }; };
    get('/jobs', {}).then(
      ({ value }) => note({ jobs: value.items.map((one) => one.job), queues: [...new Set(value.items.map((one) => one.queue || 'default'))] }),
      () => { asked.current = false; },
    );
    get('/nodes', {}).then(
      ({ value }) => note({ nodes: [...new Set(value.items.map((one) => one.name))] }),
      () => {},
    );
    get('/slots', { query: { trigger: 'manual', limit: 100 } }).then(
      ({ value }) => note({ people: [...new Set(value.items.map((one) => one.requested_by).filter(Boolean))] }),
      () => {},
    );
  }
  function look() {
    own.open = false;
    own.at = -1;
    place.filter(addressed(parse(own.text)), { push: true });
  }
  function take(index: number) {
    const one = found.items[index];
    if (!one || !input.current) return;
    const next = own.text.slice(0, found.from) + one.text;
    own.text = next + own.text.slice(own.caret).trimStart();
    own.at = -1;
    if (one.text.endsWith(' ')) place.filter(addressed(parse(own.text)), { push: true });
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.length, next.length);
      own.caret = next.length;
    });
  }
  function key(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      own.open = true;
      own.at = (own.at + by + found.items.length + (own.at < 0 && by < 0 ? 1 : 0)) % Math.max(1, found.items.length);
    } else if (event.key === 'Enter') {
      if (shown && own.at >= 0) take(own.at);
      else look();
    } else if (event.key === 'Tab' && shown && own.at >= 0) take(own.at);
    else if (event.key === 'Escape' && shown) {
      own.open = false;
      own.at = -1;
    } else return;
    event.preventDefault();
  }
  const follow = () => { own.caret = input.current?.selectionStart ?? own.text.length; };
  return (
    <form class="SearchBox" role="search" onSubmit={(event) => { event.preventDefault(); look(); }}>
      <div class="box">
        <Icon name="search" />
        <input
          ref={input}
          value={own.text}
          data-search
          type="text"
          role="combobox"
          aria-label="What is looked for"
          aria-expanded={shown}
          aria-controls="history-suggestions"
          aria-autocomplete="list"
          aria-activedescendant={shown && own.at >= 0 ? `history-suggestion-${own.at}` : undefined}
          placeholder="job:pay end:failed since:24h words of a reason"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxlength={500}
          onFocus={learn}
          onBlur={() => { own.open = false; own.at = -1; }}
          onInput={(event) => {
            own.text = event.currentTarget.value;
            own.open = true;
            own.at = -1;
            follow();
          }}
          onKeyDown={key}
          onKeyUp={follow}
          onClick={follow}
        />
        {own.text ? (
          <button class="plain icon" type="button" aria-label="Take all away" onClick={() => { own.text = ''; look(); input.current?.focus(); }}>
            <Icon name="close" />
          </button>
        ) : null}
        <button type="submit">Look</button>
      </div>
      <ul class="found" id="history-suggestions" role="listbox" aria-label="What may be meant" hidden={!shown}>
        {(shown ? found.items : []).map((one, index) => (
          <li
            key={one.text}
            id={`history-suggestion-${index}`}
            role="option"
            aria-selected={index === own.at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(index)}
          >
            <span class="mono">{one.text.trim()}</span>
            <small class="dim">{one.hint}</small>
          </li>
        ))}
      </ul>
    </form>
  );
}
