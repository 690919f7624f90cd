import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { usePaged } from '../../lib/paged';
import { place } from '../../lib/router';
import type { ReportOfDay } from '../../made/api';
import Await from '../../lib/ui/Await';
import DataList from '../../lib/ui/DataList';
import Empty from '../../lib/ui/Empty';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import Check from './Check';
import Compare from './Compare';
import Differences from './Differences';
import Report from './Report';
import './Auditor.css';

const keyOf = (report: ReportOfDay) => report.day;

// What the auditor found: what should have been worked and paid, beside what was; and the reports it signed.
export default function Auditor() {
  const standing = useLoaded((signal) => get('/audit/differences', { query: { limit: 200 } }, signal), []);
  const reports = usePaged<ReportOfDay>((cursor, signal) => get('/audit/reports', { query: { cursor, limit: 100 } }, signal), keyOf, []);
  const day = place.word('day');
  const check = async (signal: AbortSignal) => {
    const { value } = await get('/audit/report-chain', {}, signal);
    return {
      whole: value.whole,
      broken: value.broken,
      seal: value.seal,
      words: `${value.reports.toLocaleString('en')} reports${value.unsigned ? `, ${value.unsigned.toLocaleString('en')} without a signature` : ''}`,
    };
  };
  return (
    <>
      <p class="Auditor up small"><a href="/audit">Audit</a></p>
      <h1 tabindex={-1}>Auditor</h1>
      <section class="Auditor" aria-labelledby="standing">
        <h2 id="standing">Differences that stand</h2>
        <Await of={standing} rows={3} what="The differences could not be loaded">
          {(told) =>
            told.items.length ? <Differences items={told.items} /> : (
              <Empty title="None: every due slot was worked once, and every payment is there once">
                What the auditor compares, and how often, is in docs/operating.md.
              </Empty>
            )}
        </Await>
      </section>
      <section class="Auditor" aria-labelledby="anew">
        <h2 id="anew">A range enumerated anew</h2>
        <Compare />
      </section>
      <section class="Auditor" aria-labelledby="reports">
        <header>
          <h2 id="reports">Reports by day</h2>
          <Check label="Check the reports" what="Their chain" check={check} />
        </header>
        <DataList
          list={reports}
          keyOf={keyOf}
          label="Reports"
          narrow={64}
          columns={[
            { name: 'Day (UTC)', width: '8rem' },
            { name: 'Differences', width: 'minmax(0, 1fr)' },
            { name: 'Made', width: 'minmax(0, 1fr)' },
            { name: 'Signed', width: 'minmax(0, 2fr)' },
          ]}
          row={(report) => (
            <>
              <div class="Auditor" role="cell"><a class="day" href={`/audit/auditor?day=${report.day}`}>{report.day}</a></div>
              <div class={`Auditor tone-${report.differences ? 'bad' : 'good'}`} role="cell">
                <Icon name={report.differences ? 'cross' : 'tick'} /> {report.differences || 'none'}
              </div>
              <div class="Auditor made dim" role="cell"><Time at={report.made_at} /></div>
              <div class="Auditor made mono dim" role="cell" title={report.signature}>
                {report.signature ? `${report.signature.slice(0, 24)}…` : 'no key signed it'}
              </div>
            </>
          )}
          empty={<Empty title="No day was signed yet">The auditor writes a report once a day is over.</Empty>}
        />
      </section>
      {day ? <Report key={day} day={day} /> : null}
    </>
  );
}
