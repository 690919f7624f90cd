import { useEffect, useMemo } from 'preact/hooks';
import type { Profile } from '../../made/api';
import { get } from '../../lib/api';
import { Loaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Empty from '../../lib/ui/Empty';
import { micros, phases } from './execution';
import './ProfileOf.css';

function Chunks({ chunks }: { chunks: Profile['kept_chunks'] }) {
  const end = Math.max(...chunks.map((chunk) => chunk.began_us + chunk.took_us), 1);
  return (
    <>
      <h3>Chunks</h3>
      <svg class="chunks" role="img" aria-label={`${chunks.length} chunks in the attempt’s time`} viewBox="0 0 1000 24" preserveAspectRatio="none">
        {chunks.map(({ number, began_us, took_us, rows, committed }) => (
          <rect
            key={number}
            class={committed ? 'fill-busy' : 'fill-bad'}
            x={(began_us / end) * 1000}
            y="2"
            width={Math.max(1.5, (took_us / end) * 1000 - 1)}
            height="20"
          >
            <title>Chunk {number}: {micros(took_us)}, {rows} rows{committed ? '' : ', rolled back'}</title>
          </rect>
        ))}
      </svg>
    </>
  );
}

function Statements({ statements }: { statements: Profile['statements'] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Statement</th>
          <th class="end" scope="col">Runs</th>
          <th class="end" scope="col">Took</th>
          <th class="end rows" scope="col">Rows</th>
        </tr>
      </thead>
      <tbody>
        {statements.map((one) => (
          <tr key={one.name}>
            <th scope="row"><code>{one.name}</code></th>
            <td class="end">{one.runs.toLocaleString('en')}</td>
            <td class="end nowrap">{micros(one.took_us)}</td>
            <td class="end rows">{(one.rows_given + one.rows_changed).toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Where its time went, where it was profiled; asked for once somebody wants to know, and there can be an answer.
export default function ProfileOf({
  execution,
  job,
  profiled,
  over,
}: {
  execution: string;
  job: string;
  profiled: boolean;
  over: number; // attempts that ended
}) {
  const open = place.word('profile') === '1';
  const ask = (signal: AbortSignal) => get('/executions/{execution}/profile', { path: { execution } }, signal);
  const one = useMemo(() => new Loaded<Profile>(ask), []);
  useEffect(() => {
    if (!open || !profiled || !over) return;
    void one.run(ask);
    return () => one.stop();
  }, [open, execution, profiled, over]);
  return (
    <section class="ProfileOf" aria-labelledby="profile">
      <header>
        <h2 id="profile">Where its time went</h2>
        <button class="plain" type="button" aria-expanded={open} onClick={() => place.filter({ profile: open ? null : '1' })}>{open ? 'Hide' : 'Show'}</button>
      </header>
      {!open ? null : !over ? (
        <p class="dim">It is known once it has ended.</p>
      ) : !profiled ? (
        <Empty title="It was not profiled">Run {job} with “Keep where its time goes” to know.</Empty>
      ) : (
        <Await of={one} rows={5} what="The profile could not be loaded">
          {(told) => {
            const all = phases(told);
            const most = Math.max(1, ...all.map((phase) => phase.us));
            return (
              <>
                <p class="small dim">
                  {told.attempts} {told.attempts === 1 ? 'attempt' : 'attempts'}, {told.chunks} chunks
                  {told.rolled_back ? `, ${told.rolled_back} rolled back` : ''}, {told.rows.toLocaleString('en')} rows, {told.bytes.toLocaleString('en')}{' '}
                  bytes; it ran for {micros(told.run_us)}
                </p>
                <ul class="phases">
                  {all.map((phase) => (
                    <li key={phase.name}>
                      <span>{phase.name}</span>
                      <span class="bar"><span style={{ transform: `scaleX(${phase.us / most})` }} /></span>
                      <span class="end">{micros(phase.us)}</span>
                    </li>
                  ))}
                </ul>
                {told.kept_chunks.length ? <Chunks chunks={told.kept_chunks} /> : null}
                {told.statements.length ? <Statements statements={told.statements} /> : null}
                {told.plans.filter((plan) => plan.findings.length).map((plan) => (
                  <p key={plan.statement} class="small tone-warn"><code>{plan.statement}</code>: {plan.findings.map((found) => found.words).join('; ')}</p>
                ))}
              </>
            );
          }}
        </Await>
      )}
    </section>
  );
}
