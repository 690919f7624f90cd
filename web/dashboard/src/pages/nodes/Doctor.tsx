import { useMemo } from 'preact/hooks';
import { get } from '../../lib/api';
import { Loaded } from '../../lib/loaded';
import { session } from '../../lib/session';
import Icon from '../../lib/ui/Icon';
import Problem from '../../lib/ui/Problem';
import Time from '../../lib/ui/Time';
import './Doctor.css';

// Asked by a button alone: it reads all the money.
export default function Doctor() {
  const doctor = useMemo(() => new Loaded((signal) => get('/doctor', {}, signal)), []);
  const told = doctor.value;
  const why = session.lacks('settings');
  const bad = told?.findings.filter((one) => !one.ok) ?? [];
  const good = told?.findings.filter((one) => one.ok) ?? [];
  return (
    <section class="Doctor" aria-labelledby="doctor">
      <h2 id="doctor">Is all as it should be?</h2>
      <p class="small dim">
        The money, the schema and its rights, the audit’s chain, the clock and the zones, looked at now. It reads all the money, so it takes a while where
        there is much.
      </p>
      <div>
        <button type="button" disabled={Boolean(why) || doctor.loading} aria-describedby={why ? 'doctor-why' : undefined} onClick={() => void doctor.again()}>
          {doctor.loading ? 'Looking …' : told ? 'Look again' : 'Look'}
        </button>{' '}
        {why ? <span class="small dim" id="doctor-why">{why}</span> : null}
      </div>
      {doctor.problem ? <Problem problem={doctor.problem} what="It could not be looked at" /> : null}
      {told ? (
        <>
          <p class={told.ok ? 'tone-good' : 'tone-bad'} aria-live="polite">
            <Icon name={told.ok ? 'tick' : 'cross'} />{' '}
            <strong>{told.ok ? `All ${good.length} hold.` : `${bad.length} of ${bad.length + good.length} do not hold.`}</strong>{' '}
            <span class="dim small">Looked at <Time at={doctor.at} seconds />.</span>
          </p>
          {bad.length ? (
            <ul class="list">
              {bad.map((one) => (
                <li key={one.name}>
                  <span class="tone-bad"><Icon name="cross" /></span>
                  <span>
                    <strong>{one.name}: no</strong>
                    <br />
                    {one.detail}
                  </span>
                </li>
              ))}
            </ul>
          ) : null}
          <details open={!bad.length}>
            <summary>{good.length} that hold</summary>
            <ul class="list">
              {good.map((one) => (
                <li key={one.name}>
                  <span class="tone-good"><Icon name="tick" /></span>
                  <span>{one.name}{one.detail ? <span class="dim">: {one.detail}</span> : null}</span>
                </li>
              ))}
            </ul>
          </details>
        </>
      ) : null}
    </section>
  );
}
