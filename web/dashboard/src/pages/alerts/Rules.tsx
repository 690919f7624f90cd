import { get } from '../../lib/api';
import { clock } from '../../lib/clock';
import { useLive } from '../../lib/live';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Dialog from '../../lib/ui/Dialog';
import Empty from '../../lib/ui/Empty';
import Tabs from '../../lib/ui/Tabs';
import { byRule, tabs } from './alerts';
import Notifiers from './Notifiers';
import RuleRow from './RuleRow';
import Runbook from './Runbook';
import './Rules.css';

// What is looked for, from where on it is too much, what of it fires now, and whether notifiers answer.
export default function Rules() {
  const alerts = useLive('alerts');
  // What was seen last goes on.
  const rules = useLoaded((signal) => get('/alert-rules', {}, signal), [Math.floor(clock.now / 10_000)]);
  const words = place.word('q');
  const book = place.word('runbook');
  const standing = (rule: string, job = '') => (alerts?.items ?? []).filter((one) => one.rule === rule && (!job || one.labels.job === job));
  return (
    <>
      <h1 tabindex={-1}>Rules and notifiers</h1>
      <Tabs tabs={tabs} label="About alerts" />
      <Notifiers />
      <section class="Rules" aria-labelledby="rules">
        <header class="head">
          <h2 id="rules">Rules</h2>
          <input
            type="search"
            data-search
            value={words}
            onInput={(event) => place.filter({ q: event.currentTarget.value })}
            placeholder="A rule, a job, words"
            aria-label="Which rules"
          />
        </header>
        <Await of={rules} rows={12} height={64} what="The rules could not be loaded">
          {(told) => {
            const shown = byRule(told.items, words);
            if (!shown.length) return <Empty title="No rule is like that">Take words away. Which rules there are is in docs/alerts.md.</Empty>;
            return (
              <ul class="rules">
                {shown.map(({ rule, general, jobs }) => (
                  <li key={rule}>
                    <RuleRow rule={general} standing={standing(rule)} />
                    {jobs.length ? (
                      <ul class="jobs" aria-label={`${rule}: otherwise for`}>
                        {jobs.map((one) => <li key={one.job}><RuleRow rule={one} standing={standing(rule, one.job)} /></li>)}
                      </ul>
                    ) : null}
                  </li>
                ))}
              </ul>
            );
          }}
        </Await>
      </section>
      <Dialog title={book} wide open={Boolean(book)} onopen={(open) => { if (!open) place.filter({ runbook: '' }); }}>
        <Runbook rule={book} way={rules.value?.items.find((one) => one.rule === book)?.runbook ?? ''} />
      </Dialog>
    </>
  );
}
