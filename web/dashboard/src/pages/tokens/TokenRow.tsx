import type { NewToken, Token } from '../../made/api';
import { useOwn } from '../../lib/own';
import Action from '../../lib/ui/Action';
import Mark from '../../lib/ui/Mark';
import Time from '../../lib/ui/Time';
import { isOver, lookOf } from './tokens';
import './TokenRow.css';

const signIn = ' It is the one of this session: sign in with the new one before the old one ends.';
const ends = 'It is good no more, from the next request on and on every node. Its sessions end, and what was asked for with it is not begun.';

export default function TokenRow({
  token,
  mine,
  now,
  hear,
  again,
}: {
  token: Token;
  mine: boolean; // of this session
  now: number;
  hear: (made: NewToken) => void;
  again: () => void;
}) {
  const own = useOwn(() => ({ hours: '1' }));
  const over = isOver(token, now);
  // Who is signed in with it has to see the new one's secret before the old one ends, and their session with it.
  const least = mine ? 0.25 : 0;
  const limits = [
    token.jobs.length ? `for ${token.jobs.join(', ')} alone` : 'for all jobs',
    token.networks.length ? `from ${token.networks.join(', ')} alone` : 'from anywhere',
  ].join('; ');
  return (
    <li class="TokenRow">
      <div class="who">
        <p><strong>{token.name}</strong> <span class="dim">{token.role}</span></p>
        <p class="small dim mono">{token.key_id}</p>
        {mine ? <p><span class="mine">yours, of this session</span></p> : null}
      </div>
      <div class="may small">
        <p>{token.rights.join(', ')}</p>
        <p class="dim">{limits}</p>
      </div>
      <div class="when small">
        <p><Mark look={lookOf(token, now)} /></p>
        <p class="dim">
          {token.revoked_at ? <>by {token.revoked_by}, <Time at={token.revoked_at} as="relative" /></>
            : token.expires_at ? <>{over ? 'ended' : 'until'} <Time at={token.expires_at} as="both" /></> : 'until it is revoked'}
        </p>
        <p class="dim">made by {token.created_by}, <Time at={token.created_at} as="relative" /></p>
        <p class="dim">
          {token.last_used_at ? <>last used <Time at={token.last_used_at} as="relative" /> from {token.last_used_from}</> : 'never used'}
        </p>
      </div>
      <div class="acts">
        {over ? null : (
          <>
            <Action
              change={'POST /tokens/{token}/rotate'}
              label="Rotate"
              title={`Rotate ${token.name}’s token`}
              ready={Number(own.hours) >= least}
              says={`A new token with the same owner, rights, jobs, networks and span. Its secret is shown once.${mine ? signIn : ''}`}
              does={(reason) => ({
                change: 'POST /tokens/{token}/rotate',
                order: { path: { token: token.id }, body: { reason, overlap_ms: Math.round(Number(own.hours) * 3_600_000) } },
                done: (made) => {
                  hear(made);
                  return { text: `${token.name} has a new token.` };
                },
              })}
              fields={
                <label class="field">
                  Hours for which the old one is good, too
                  <input
                    type="number"
                    value={own.hours}
                    onInput={(event) => { own.hours = event.currentTarget.value; }}
                    min={least}
                    max={720}
                    step="any"
                  />
                </label>
              }
            />
            <Action
              change={'DELETE /tokens/{token}'}
              label="Revoke"
              title={`Revoke ${token.name}’s token`}
              danger
              quiet
              says={`${ends}${mine ? ' It is the one of this session: you are signed out.' : ''}`}
              does={(reason) => ({
                change: 'DELETE /tokens/{token}',
                order: { path: { token: token.id }, query: { reason } },
                done: `${token.name}’s token ${token.key_id} is revoked.`,
              })}
              done={again}
            />
          </>
        )}
      </div>
    </li>
  );
}
