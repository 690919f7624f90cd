import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Festival, Theme } from '../../made/api';
import { get, send, type Told } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import Await from '../../lib/ui/Await';
import { countryName } from './dates';
import type { Body } from './draft';
import { addresses, raise, type Scheme } from './stage';
import './Preview.css';

const bonusesOf = (theme: Theme) =>
  Object.entries((theme.bonuses ?? {}) as Record<string, number>)
    .map(([name, value]) => `${name.replace('Multiplier', '')} ×${value}`)
    .join(', ');

const isCountry = (text: string) => /^([A-Z]{2}|GLOBAL)$/.test(text);
const none: Told<undefined> = { value: undefined, etag: '', next: null };

// What a country would wear of the festival, as it is written or else as it is kept: the server's own style sheet, light
// and dark.
export default function Preview({
  kept,
  draft,
  own: home,
  wrong,
}: {
  kept: Festival | null;
  draft: Body | null; // what is written, as it was last without a mistake
  own: string; // its country
  wrong: boolean;
}) {
  const own = useOwn(() => ({ typed: '' }));
  const country = [own.typed, String(draft?.country), home].find(isCountry) ?? 'GLOBAL';
  const preview = useLoaded<{ theme: Theme; css: string } | undefined>(
    async (signal) => {
      if (!draft && !kept) return none;
      const ask = (format: 'json' | 'css') => (draft
        ? send('POST /festivals/preview', { query: { country, format }, body: draft })
        : get('/festivals/{festival}/preview', { path: { festival: kept?.id ?? '' }, query: { country, format } }, signal));
      const [theme, css] = await Promise.all([ask('json'), ask('css')]);
      return { ...none, value: { theme: theme.value, css: css.value as unknown as string } };
    },
    [kept?.revision, country, JSON.stringify(draft)],
  );
  const stands = draft ? (wrong ? 'As it was written last without a mistake, not saved.' : 'As written, not saved.')
    : !kept ? 'Seen once nothing is wrong with what is written.'
    : wrong ? 'As it is kept: what is written has mistakes.' : '';
  return (
    <section class="Preview" aria-labelledby="preview">
      <h2 id="preview">What {country === 'GLOBAL' ? 'the rest of the world' : country} would wear</h2>
      <div class="where">
        <label for="preview-country">In another country</label>
        <input
          id="preview-country"
          value={own.typed}
          onInput={(event) => { own.typed = event.currentTarget.value.trim().toUpperCase(); }}
          maxlength={6}
          placeholder={home}
          autocomplete="off"
          spellcheck={false}
        />
        <span class="small dim">{countryName(country)}</span>
      </div>
      {stands ? <p class="small tone-warn">{stands}</p> : null}
      {draft || kept ? (
        <Await of={preview} rows={6} what="It could not be previewed">
          {(told) => told && (
            <>
              <div class="stages">
                <Stage name="Light" {...told} scheme="light" />
                <Stage name="Dark" {...told} scheme="dark" />
              </div>
              <p class="small">Bonuses while it runs: {bonusesOf(told.theme) || 'none'}.</p>
              {addresses(told.theme).length ? (
                <p class="small dim">
                  Clients load, and this page does not: {addresses(told.theme).map((one, index) => <Fragment key={index}><code>{one}</code> </Fragment>)}
                </p>
              ) : null}
              <details class="small">
                <summary>The style sheet</summary>
                <pre>{told.css}</pre>
              </details>
            </>
          )}
        </Await>
      ) : null}
    </section>
  );
}

function Stage({ name, theme, css, scheme }: { name: string; theme: Theme; css: string; scheme: Scheme }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => { if (host.current) raise(host.current, theme, css, scheme); }, [theme, css, scheme]);
  return (
    <figure>
      <figcaption class="small dim">{name}</figcaption>
      <div class="stage" data-scheme={scheme} ref={host} />
    </figure>
  );
}
