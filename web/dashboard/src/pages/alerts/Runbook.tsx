import { useId } from 'preact/hooks';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import Await from '../../lib/ui/Await';
import Copy from '../../lib/ui/Copy';
import { isLink } from './alerts';
import { blocksOf, type Block, type Piece } from './runbook';
import './Runbook.css';

const words = (pieces: Piece[]) => pieces.map((piece, at) => (piece.code ? <code key={at}>{piece.text}</code> : piece.text));

function shown(block: Block, at: number) {
  if (block.kind === 'heading') return <h3 key={at}>{block.text}</h3>;
  if (block.kind === 'text') return <p key={at}>{words(block.pieces)}</p>;
  if (block.kind === 'list') return <ul key={at}>{block.items.map((item, index) => <li key={index}>{words(item)}</li>)}</ul>;
  return <Copy key={at} text={block.text} name="the commands" lines />;
}

// What to do, from the program itself. `way`: where the settings lead people, a link or a command.
export default function Runbook({ rule, way }: { rule: string; way: string }) {
  const page = useLoaded((signal) => get('/runbook/{rule}', { path: { rule } }, signal), [rule]);
  const id = useId();
  return (
    <section class="Runbook" aria-labelledby={`${id}-runbook`}>
      <header><h2 id={`${id}-runbook`}>What to do</h2></header>
      {isLink(way) ? (
        <p><a href={way} rel="noreferrer">{way}</a></p>
      ) : way ? (
        <p class="way"><span class="dim small">At a terminal:</span> <Copy text={way} name="the command" /></p>
      ) : null}
      <Await of={page} rows={8} what="The runbook’s page could not be loaded">
        {(text) => <div class="page">{blocksOf(text).map(shown)}</div>}
      </Await>
    </section>
  );
}
