import type { NewToken, Role } from '../../made/api';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useOwn } from '../../lib/own';
import { session } from '../../lib/session';
import Action from '../../lib/ui/Action';
import Await from '../../lib/ui/Await';
import { draft, isWhole, orderOf, rightsFor, rolesFor, type Draft } from './tokens';
import './MakeToken.css';

export default function MakeToken({ hear }: { hear: (made: NewToken) => void }) {
  const own = useOwn(() => ({ asked: draft() }));
  const told = useLoaded((signal) => get('/roles', {}, signal), []);
  const { asked } = own;
  const roles = told.value?.items ?? [];
  const offered = rightsFor(asked.role, session.me, roles);
  const chosen = { ...asked, rights: offered.filter((one) => asked.rights.includes(one)) };
  const ask = (more: Partial<Draft>) => { own.asked = { ...own.asked, ...more }; };
  const take = (right: string, taken: boolean) => ask({ rights: taken ? [...asked.rights, right] : asked.rights.filter((one) => one !== right) });
  return (
    <Action
      change="POST /tokens"
      label="New token"
      confirm="Make it"
      ready={isWhole(chosen) && roles.length > 0}
      says="Whoever shows it may do what it grants. Two names are two persons, so give everybody one of their own. Its secret is shown once."
      does={(reason) => ({
        change: 'POST /tokens',
        order: { body: orderOf(chosen, reason) },
        done: (made) => {
          own.asked = draft();
          hear(made);
          return { text: `A token is made for ${made.name}.` };
        },
      })}
      fields={
        <>
          <label class="field">
            Whose
            <input
              value={asked.name}
              onInput={(event) => ask({ name: event.currentTarget.value })}
              maxlength={100}
              required
              autocomplete="off"
              placeholder="A person, or a program"
            />
          </label>
          <Await of={told} rows={1} what="The roles could not be told">
            {() => (
              <label class="field">
                Role
                <select value={asked.role} onChange={(event) => ask({ role: event.currentTarget.value as Role })}>
                  {rolesFor(session.me, roles).map((one) => <option key={one}>{one}</option>)}
                </select>
              </label>
            )}
          </Await>
          <fieldset class="MakeToken">
            <legend>Rights</legend>
            <label class="choice">
              <input type="checkbox" checked={asked.all} onChange={(event) => ask({ all: event.currentTarget.checked })} />
              all of its role
            </label>
            {asked.all ? null : (
              <div class="rights">
                {offered.map((one) => (
                  <label key={one} class="choice">
                    <input type="checkbox" checked={asked.rights.includes(one)} onChange={(event) => take(one, event.currentTarget.checked)} />
                    {one}
                  </label>
                ))}
              </div>
            )}
          </fieldset>
          <label class="field">
            For these jobs alone
            <input
              value={asked.jobs}
              onInput={(event) => ask({ jobs: event.currentTarget.value })}
              autocomplete="off"
              placeholder="all; or og-*, trust-score"
            />
          </label>
          <label class="field">
            From these networks alone
            <input
              value={asked.networks}
              onInput={(event) => ask({ networks: event.currentTarget.value })}
              autocomplete="off"
              placeholder="anywhere; or 10.0.0.0/8"
            />
          </label>
          <label class="field">
            Days that it lasts
            <input
              type="number"
              value={asked.days}
              onInput={(event) => ask({ days: event.currentTarget.value })}
              min="0.001"
              max={3650}
              step="any"
              placeholder="until it is revoked"
            />
          </label>
        </>
      }
    />
  );
}
