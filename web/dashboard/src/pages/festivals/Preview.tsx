import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Festival, Theme } from '../../made/api';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import Await from '../../lib/ui/Await';
import { countryName } from './dates';
import { addresses, raise, type Scheme } from './stage';
import './Preview.css';

const bonusesOf = (theme: Theme) =>
  Object.entries((theme.bonuses ?? {}) as Record<string, number>)
    .map(([name, value]) => `${name.replace('Multiplier', '')} ×${value}`)
    .join(', ');

// What a country would wear of the festival as it is kept: the server's own style sheet, light and dark.
export default function Preview({ festival, changed }: { festival: Festival; changed: boolean }) {
  const own = useOwn(() => ({ typed: '' }));
  const country = /^([A-Z]{2}|GLOBAL)$/.test(own.typed) ? own.typed : festival.country;
  const preview = useLoaded(
    async (signal) => {
      const path = { festival: festival.id };
      const [theme, css] = await Promise.all([
        get('/festivals/{festival}/preview', { path, query: { country } }, signal),
        get('/festivals/{festival}/preview', { path, query: { country, format: 'css' } }, signal),
      ]);
      return { ...theme, value: { theme: theme.value, css: css.value as unknown as string } };
    },
    [festival.id, festival.revision, country],
  );
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
          placeholder={festival.country}
          autocomplete="off"
          spellcheck={false}
        />
        <span class="small dim">{countryName(country)}</span>
      </div>
      {changed ? <p class="small tone-warn">As it is kept: what you changed is seen here once it is saved.</p> : null}
      <Await of={preview} rows={6} what="It could not be previewed">
        {({ theme, css }) => {
          const loads = addresses(theme);
          return (
            <>
              <div class="stages">
                <Stage name="Light" theme={theme} css={css} scheme="light" />
                <Stage name="Dark" theme={theme} css={css} scheme="dark" />
              </div>
              <p class="small">Bonuses while it runs: {bonusesOf(theme) || 'none'}.</p>
              {loads.length ? (
                <p class="small dim">
                  Clients load, and this page does not: {loads.map((one, index) => <Fragment key={index}><code>{one}</code> </Fragment>)}
                </p>
              ) : null}
              <details class="small">
                <summary>The style sheet</summary>
                <pre>{css}</pre>
              </details>
            </>
          );
        }}
      </Await>
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
