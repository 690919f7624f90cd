import type { Node } from '../../made/api';
import { send } from '../../lib/api';
import Action from '../../lib/ui/Action';
import Time from '../../lib/ui/Time';

// Has a node take nothing new, and takes that back.
export default function Drain({ node: { id, name, draining } }: { node: Node }) {
  const path = { node: id };
  return draining ? (
    <div class="small">
      <p>Takes nothing new since <Time at={draining.since} as="relative" />. {draining.by}: {draining.reason}</p>
      <Action change="DELETE /nodes/{node}/drain" label="Take it back" says={`${name} takes what is due again.`}
        does={(reason) => ({ change: 'DELETE /nodes/{node}/drain', order: { path, query: { reason } }, done: `${name} takes what is due again.` })} />
    </div>
  ) : (
    <div class="small">
      <Action change="POST /nodes/{node}/drain" label="Drain" title={`Drain ${name}`}
        says={`${name} finishes what it runs and takes nothing new, until it is taken back or started anew. The other nodes work what is due.`}
        does={(reason) => ({ change: 'POST /nodes/{node}/drain', order: { path, body: { reason } }, done: `${name} drains.` })}
        undo={(reason) => send('DELETE /nodes/{node}/drain', { path, query: { reason } })} />
    </div>
  );
}
