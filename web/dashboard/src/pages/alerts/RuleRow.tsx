import type { Alert, AlertRule } from '../../made/api';
import { limitsOf } from '../../lib/alerts';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import Mark from '../../lib/ui/Mark';
import Said from '../../lib/ui/Said';
import Time from '../../lib/ui/Time';
import { lookOf } from './alerts';
import './RuleRow.css';

export default function RuleRow({ rule, standing }: { rule: AlertRule; standing: Alert[] }) {
  const firing = standing.filter((one) => one.state === 'firing').length;
  const pending = standing.length - firing;
  const limits = limitsOf(rule);
  const state = [firing ? `${firing} firing` : '', pending ? `${pending} pending` : ''].filter(Boolean).join(', ');
  return (
    <div class="RuleRow rule">
      <div class={rule.job ? 'what otherwise' : 'what'}>
        {rule.job ? <p><a href={link('/jobs/:job', { job: rule.job })}>{rule.job}</a> <span class="dim small">otherwise</span></p> : (
          <>
            <h3>{rule.rule}</h3>
            <p class="dim small">{rule.looks_for}</p>
          </>
        )}
      </div>
      <div>
        {rule.enabled ? <Mark look={lookOf({ severity: rule.severity, state: firing ? 'firing' : 'resolved' })} /> : <span class="dim">not looked for</span>}
      </div>
      <div class="small dim limits">
        {limits ? <p>{limits}</p> : null}
        {rule.last ? (
          <p class={state ? '' : 'dimmer'}>
            last: <Said text={rule.last.value} />{rule.last.about && rule.last.about !== rule.job ? ` (${rule.last.about})` : ''}, <Time at={rule.last.at} as="relative" />
          </p>
        ) : null}
      </div>
      <p class="small now">
        {state ? <a href={link('/alerts', {}, { rule: rule.rule, job: rule.job })}>{state}</a> : rule.enabled ? <span class="dimmer">quiet</span> : null}
      </p>
      <div class="to">
        {!rule.job && (
          <button class="plain" type="button" onClick={() => place.filter({ runbook: rule.rule }, { push: true })}>
            Runbook <span class="unseen">of {rule.rule}</span>
          </button>
        )}
      </div>
    </div>
  );
}
