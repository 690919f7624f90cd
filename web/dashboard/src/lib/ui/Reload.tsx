import type { Reloaded, SettingChange } from '../../made/api';
import Action from './Action';
import Dialog from './Dialog';
import { useOwn } from '../../lib/own';
import './Reload.css';

// Has the files read anew: all of it, or nothing. What came of it stands below until it is put away.
export default function Reload({ done = undefined }: { done?: (() => void) | undefined }) {
  const own = useOwn(() => ({ told: null as Reloaded | null, open: false }));
  function words(answer: Reloaded) {
    own.told = answer;
    own.open = answer.in_force.length + answer.at_next_start.length > 0;
    return {
      text: own.open ? `Read anew: ${answer.in_force.length} changed, ${answer.at_next_start.length} for the next start.` : 'Read anew: nothing is otherwise.',
    };
  }
  const list = (title: string, items: SettingChange[]) => (
    <>
      {items.length ? (
        <>
          <h3 class="Reload">{title}</h3>
          <ul class="Reload changes">
            {items.map((one) => (
              <li key={one.key}>
                <code>{one.key}</code>{' '}
                <span><del>{one.before || 'nothing'}</del> → <ins>{one.after || 'nothing'}</ins></span>{' '}
                <span class="small dim">{one.origin}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
  return (
    <>
      <Action
        change="POST /config/reload"
        label="Read the files anew"
        confirm="Read them"
        says="The node that you are at reads its files anew: all of it, or, where there is a mistake, nothing, and every mistake is told. Running slots keep what they began with."
        does={(reason) => ({ change: 'POST /config/reload', order: { body: { reason } }, done: words })}
        done={() => done?.()}
      />
      <Dialog open={own.open} onopen={(open) => { own.open = open; }} title="Read anew" wide>
        {own.told ? (
          <>
            {list('In force now', own.told.in_force)}
            {list('Waits for the next start', own.told.at_next_start)}
          </>
        ) : null}
      </Dialog>
    </>
  );
}
