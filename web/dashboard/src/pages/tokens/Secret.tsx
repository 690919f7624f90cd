import type { NewToken } from '../../made/api';
import Copy from '../../lib/ui/Copy';
import Dialog from '../../lib/ui/Dialog';
import './Secret.css';

// The one time that a secret is shown. It goes with the dialog, and is kept nowhere.
export default function Secret({ token, ontoken }: { token: NewToken | undefined; ontoken: (token: NewToken | undefined) => void }) {
  return (
    <Dialog firm title={`The token of ${token?.name ?? ''}`} open={token !== undefined} onopen={(open) => { if (!open) ontoken(undefined); }}>
      {token ? (
        <>
          <p>This is the only time that it is shown. Give it to its owner by a way that nobody else reads.</p>
          <Copy text={token.secret} name="the token" lines />
          <div class="Secret"><button class="main" type="button" onClick={() => ontoken(undefined)}>I have it</button></div>
        </>
      ) : null}
    </Dialog>
  );
}
