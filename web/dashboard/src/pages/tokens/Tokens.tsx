import type { NewToken } from '../../made/api';
import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import { place } from '../../lib/router';
import { session } from '../../lib/session';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import MakeToken from './MakeToken';
import Secret from './Secret';
import TokenRow from './TokenRow';
import { fits, inOrder, isOver } from './tokens';
import './Tokens.css';

// Who may use the API. A secret is shown when it is made, and never again.
export default function Tokens() {
  const own = useOwn(() => ({ made: undefined as NewToken | undefined }));
  const over = place.word('over') === 'yes';
  const words = place.word('q');
  const list = useLoaded((signal) => get('/tokens', {}, signal), []);
  function hear(token: NewToken) {
    own.made = token;
    void list.again();
  }
  return (
    <>
      <h1 tabindex={-1}>Tokens</h1>
      <div class="Tokens head">
        <MakeToken hear={hear} />
        <input
          type="search"
          data-search
          value={words}
          onInput={(event) => place.filter({ q: event.currentTarget.value })}
          placeholder="A name, a right, a job"
          aria-label="Which tokens"
        />
        <label>
          <input type="checkbox" checked={over} onChange={(event) => place.filter({ over: event.currentTarget.checked ? 'yes' : '' })} />
          Those that are over, too
        </label>
      </div>
      <Await of={list} rows={4} height={88} what="Tokens could not be loaded">
        {(told) => {
          const shown = inOrder(told.items, session.me?.token ?? null, clock.now).filter((one) => (over || !isOver(one, clock.now)) && fits(one, words));
          return shown.length ? (
            <ul class="Tokens tokens">
              {shown.map((token) => (
                <TokenRow key={token.id} token={token} mine={token.id === session.me?.token} now={clock.now} hear={hear} again={() => void list.again()} />
              ))}
            </ul>
          ) : <Empty title="No token is like that">{over ? 'Take words away.' : 'Take words away, or look among those that are over.'}</Empty>;
        }}
      </Await>
      <Secret token={own.made} ontoken={(token) => { own.made = token; }} />
    </>
  );
}
