import { ApiProblem } from '../lib/api';
import { place } from '../lib/router';
import { session } from '../lib/session';
import { pageAt } from '../pages';
import Problem from '../lib/ui/Problem';
import { useOwn, useTitle } from '../lib/own';
import './SignIn.css';

// A token is exchanged for a session; the field is emptied, and nothing keeps the token.
export default function SignIn() {
  const own = useOwn(() => ({ token: '', busy: false, problem: null as ApiProblem | null }));
  const asked = place.path === '/' ? '' : (pageAt(place.path)?.page.title ?? '');
  async function signIn(event: SubmitEvent) {
    event.preventDefault();
    own.busy = true;
    own.problem = null;
    try {
      await session.open(own.token.trim());
    } catch (error) {
      own.problem = error instanceof ApiProblem ? error : new ApiProblem(0, 'No answer', 'The server cannot be reached.', 'unreachable', '');
    } finally {
      own.token = '';
      own.busy = false;
    }
  }
  useTitle(`Sign in`);
  return (
    <>
      <main class="SignIn">
        <p class="mark"><img src="/assets/icon.svg" alt="" width="36" height="36" /> Hotclock</p>
        <h1>Sign in</h1>
        <p class="dim">{asked ? `Then “${asked}” opens.` : 'With the token that is yours.'}</p>
        <form onSubmit={signIn}>
          <label for="token">Token</label>{' '}
          <input
            id="token"
            type="password"
            value={own.token}
            onInput={(event) => { own.token = event.currentTarget.value; }}
            required
            autocomplete="current-password"
            spellcheck={false}
            autocapitalize="off"
            autofocus
            aria-describedby="token-hint"
          />
          <p class="small dim" id="token-hint">It begins with <code>hc_</code>. It is exchanged for a session of this browser and kept nowhere.</p>
          <button class="main" type="submit" disabled={own.busy || !own.token.trim()}>{own.busy ? 'Asking …' : 'Sign in'}</button>
        </form>
        {own.problem ? <Problem problem={own.problem} what="Not signed in" /> : null}
        <details>
          <summary>I have no token</summary>
          <p class="dim small">
            An admin makes one for you. The very first is printed once, by the first <code>hotclock serve</code> on a database; who may run the command line
            there makes others: <code>hotclock tokens create YOU --role operator --reason WHY</code>.
          </p>
        </details>
      </main>
    </>
  );
}
