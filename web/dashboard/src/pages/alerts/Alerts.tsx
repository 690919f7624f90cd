import { useEffect, useRef } from 'preact/hooks';
import { arrive } from '../../lib/arrive';
import { keys } from '../../lib/keys';
import { useLive } from '../../lib/live';
import { place } from '../../lib/router';
import Skeleton from '../../lib/ui/Skeleton';
import Tabs from '../../lib/ui/Tabs';
import { fits, tabs, verdict } from './alerts';
import Filters from './Filters';
import OneAlert from './OneAlert';
import Over from './Over';
import Standing from './Standing';

// What fires first, then what may come to it, then what is over. ?id= opens one; what narrows the list is in the address.
export default function Alerts() {
  const alerts = useLive('alerts');
  const id = place.word('id');
  const filter = { state: place.word('state'), rule: place.word('rule'), severity: place.word('severity'), job: place.word('job') };
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(id);
  useEffect(() => {
    if (id === before.current) return;
    before.current = id;
    void arrive(Boolean(id));
  }, [id]);
  // One walk through all of them. The list of what is over takes these keys for itself as it is drawn: it has them no
  // longer once one is pressed.
  useEffect(() => {
    if (filter.state === 'resolved') return;
    const open = () => (document.activeElement as HTMLElement | null)?.click();
    let end = () => {};
    const take = () => { end = keys.list({ move, open }); };
    addEventListener('keydown', take, true);
    return () => {
      removeEventListener('keydown', take, true);
      end();
    };
  }, [filter.state]);
  function move(by: number) {
    const links = [...(box.current?.querySelectorAll<HTMLElement>('a.to, [role="row"] a') ?? [])];
    links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement as HTMLElement) + by))]?.focus();
  }
  if (id) return <OneAlert key={id} id={id} live={alerts?.items.find((one) => one.id === id)} />;
  const word = alerts ? verdict(alerts.items) : { tone: 'quiet', text: 'Alerts' };
  const fitting = (alerts?.items ?? []).filter((one) => fits(one, filter));
  const shows = (state: string) => !filter.state || filter.state === state;
  return (
    <>
      <h1 class={`tone-${alerts && word.tone !== 'good' ? word.tone : 'ink'}`} tabindex={-1}>{word.text}</h1>
      <Tabs tabs={tabs} label="About alerts" />
      <Filters filter={filter} rules={[...new Set((alerts?.items ?? []).map((one) => one.rule))]} />
      <div ref={box}>
        {alerts ? (
          <>
            {shows('firing') && <Standing title="Firing" alerts={fitting.filter((one) => one.state === 'firing')} none="Nothing fires." />}
            {shows('pending') && <Standing title="Pending" alerts={fitting.filter((one) => one.state === 'pending')} none="Nothing is about to fire." />}
          </>
        ) : filter.state !== 'resolved' ? <Skeleton rows={6} height={64} /> : null}
        {shows('resolved') && <Over filter={filter} standing={fitting.length} />}
      </div>
    </>
  );
}
