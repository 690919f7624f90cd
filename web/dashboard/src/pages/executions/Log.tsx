import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Log as Said } from '../../made/api';
import { clock } from '../../lib/clock';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import { millis, relative } from '../../lib/time';
import { lines, within } from './ansi';
import { pieces } from './execution';
import './Log.css';

// By itself, as it is drawn anew every second, and the lines are many.
function Ago({ at }: { at: string }) {
  return <>{relative(millis(at), clock.now)}</>;
}

// What an attempt said: followed as it grows, searched, kept as a file; each line has an address.
export default function Log({ log, runs, name }: { log: Said | null; runs: boolean; name: string }) {
  const own = useOwn(() => ({ word: '', follows: true, at: 0 }));
  const top = useRef(0);
  const box = useRef<HTMLDivElement>(null);
  const said = useMemo(() => (log ? lines(log.text) : []), [log?.text]);
  const word = own.word.toLowerCase();
  const hits = word ? said.flatMap((line, index) => (line.text.toLowerCase().includes(word) ? [index] : [])) : [];
  const chosen = Number(place.word('line')) || 0;

  const show = (index: number) => box.current?.querySelector(`[data-line="${index}"]`)?.scrollIntoView({ block: 'center' });
  useEffect(() => { if (chosen) show(chosen - 1); }, [log?.text, chosen]);
  useEffect(() => {
    if (!chosen && own.follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [log?.text, chosen, own.follows]);
  // Who scrolls up wants to read: it stays there.
  function scrolled() {
    if (!box.current) return;
    const { scrollTop, clientHeight, scrollHeight } = box.current;
    if (scrollTop < top.current && scrollTop + clientHeight < scrollHeight - 2) own.follows = false;
    top.current = scrollTop;
  }
  function go(by: number) {
    if (!hits.length) return;
    own.at = (own.at + by + hits.length) % hits.length;
    own.follows = false;
    show(hits[own.at] ?? 0);
  }
  useEffect(() => go(0), [own.word]);
  function keep() {
    const address = URL.createObjectURL(new Blob([log?.text ?? ''], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: address, download: `${name}.log` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }
  return (
    <section class="Log log" aria-labelledby="log">
      <header>
        <h2 id="log">What it said</h2>
        <span class="small dim">
          {log ? `${said.length.toLocaleString('en')} lines${log.from ? `; ${log.from.toLocaleString('en')} bytes in front of them were not kept` : ''}` : ''}
          {!runs ? null : log?.written_at ? <>; it runs, newest <Ago at={log.written_at} /></> : 'It runs, and has said nothing so far.'}
        </span>
      </header>
      {log || runs ? (
        <>
          <div class="tools">
            <input
              type="search"
              data-search
              aria-label="Search what it said"
              placeholder="Search"
              value={own.word}
              onInput={(event) => {
                own.at = 0;
                own.word = event.currentTarget.value;
              }}
              onKeyDown={(event) => { if (event.key === 'Enter') go(event.shiftKey ? -1 : 1); }}
            />
            <span class="small dim found" role="status">{word ? (hits.length ? `${own.at + 1} of ${hits.length} lines` : 'nowhere') : ''}</span>
            <button type="button" disabled={!hits.length} onClick={() => go(-1)}>Before</button>
            <button type="button" disabled={!hits.length} onClick={() => go(1)}>Next</button>
            {runs ? (
              <label class="follow">
                <input type="checkbox" checked={own.follows} onChange={(event) => { own.follows = event.currentTarget.checked; }} />
                Follow
              </label>
            ) : null}
            <button class="plain" type="button" onClick={keep}>Download</button>
          </div>
          <div class={`text mono ${runs ? 'runs' : ''}`} ref={box} onScroll={scrolled} tabindex={0} role="region" aria-label="The lines of what it said">
            {said.map(({ text, runs: drawn }, index) => {
              const number = index + 1;
              let at = 0;
              return (
                <div key={index} class={`${chosen === number ? 'chosen' : ''} ${hits[own.at] === index ? 'hit' : ''}`} data-line={index}>
                  <button
                    class="plain"
                    type="button"
                    tabindex={-1}
                    aria-label={`Line ${number}`}
                    onClick={() => place.filter({ line: chosen === number ? null : String(number) })}
                  >
                    {number}
                  </button>
                  <span>
                    {pieces(text, word).map((piece, n) => {
                      const words = within(drawn, at, at += piece.text.length).map((run) => (run.look ? <span class={run.look}>{run.text}</span> : run.text));
                      return piece.hit ? <mark key={n}>{words}</mark> : words;
                    })}
                  </span>
                </div>
              );
            })}
          </div>
        </>
      ) : (
        <p class="dim">Nothing.</p>
      )}
    </section>
  );
}
