import { useEffect, useRef } from 'preact/hooks';
import { usePaged } from '../../lib/paged';
import { link } from '../../lib/route';
import { millis, span } from '../../lib/time';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Mark from '../../lib/ui/Mark';
import Time from '../../lib/ui/Time';
import { lookOf, type Filter } from './alerts';
import { alertsLike } from './Filters';
import './Over.css';

// Alerts that are over, the newest first, as far as somebody scrolls.
export default function Over({ filter, standing }: { filter: Filter; standing: number }) {
  const { rule, severity, job } = filter;
  const ask = alertsLike({ ...filter, state: 'resolved' });
  const list = usePaged(ask, (alert) => alert.id, [rule, severity, job]);
  // One of those that stood is over, perhaps: it belongs here now.
  const stood = useRef(0);
  useEffect(() => {
    if (standing < stood.current) void hear();
    stood.current = standing;
  }, [standing]);
  async function hear() {
    if (!list.items.length) return list.restart();
    const told = await ask(undefined, new AbortController().signal).catch(() => undefined);
    if (told) list.hear(told.value.items);
  }
  return (
    <section class="Over" aria-labelledby="over">
      <header><h2 id="over">Over</h2></header>
      <DataList
        list={list}
        keyOf={(alert) => alert.id}
        narrow={72}
        label="Alerts that are over"
        what="Alerts that are over could not be loaded"
        columns={[
          { name: 'Severity', width: '6.5rem' },
          { name: 'What', width: 'minmax(0, 1fr)' },
          { name: 'Rule', width: '12rem' },
          { name: 'Over', width: '13rem' },
        ]}
        row={(alert) => (
          <>
            <div class="severity" role="cell"><Mark look={lookOf(alert)} /></div>
            <div class="what" role="cell"><a href={link('/alerts', {}, { ...filter, id: alert.id })}>{alert.annotations.summary ?? alert.rule}</a></div>
            <div class="rule dim small" role="cell">{alert.rule}</div>
            <div class="dim small when" role="cell">
              <Time at={alert.resolved_at} as="relative" />
              {alert.resolved_at ? `, lasted ${span(millis(alert.resolved_at) - millis(alert.began_at))}` : null}
            </div>
          </>
        )}
        empty={
          <Empty title="None is over that is like that">
            Alerts that are over are kept for the time that <code>[alerts] retention</code> says.
          </Empty>
        }
      />
    </section>
  );
}
