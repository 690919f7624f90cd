import { useEffect } from 'preact/hooks';
import { clock } from './lib/clock';
import { session } from './lib/session';
import Problem from './lib/ui/Problem';
import Shell from './shell/Shell';
import SignIn from './shell/SignIn';
import Toasts from './shell/Toasts';
import './App.css';

// Who comes without a session is shown the way in, in place of the page asked for; the address stays.
export default function App() {
  useEffect(() => { void session.look(); void clock.set(); }, []);
  return (
    <>
      {session.me ? (<Shell />) : session.me === null ? (<SignIn />) : session.problem ? (
        <main class="App alone"><Problem problem={session.problem} what="Hotclock does not answer" again={() => void session.look()} /></main>
      ) : (<main class="App alone" aria-busy="true"><span class="unseen">Loading</span></main>)}
      <Toasts />
    </>
  );
}
