import { get } from '../../lib/api';
import { save } from '../../lib/download';
import { useLoaded } from '../../lib/loaded';
import { place } from '../../lib/router';
import Await from '../../lib/ui/Await';
import Dialog from '../../lib/ui/Dialog';
import Time from '../../lib/ui/Time';
import './Report.css';

// One day's report, to the letter what was signed, and beside it as somebody reads it.
export default function Report({ day }: { day: string }) {
  const report = useLoaded((signal) => get('/audit/reports/{day}', { path: { day } }, signal), [day]);
  const readable = (text: string) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };
  return (
    <Dialog wide title={`Report of ${day}`} open onopen={(open) => { if (!open) place.filter({ day: null }); }}>
      <Await of={report} rows={6} what="The report could not be loaded">
        {(told) => (
          <>
            <dl class="Report">
              <dt>Made</dt>
              <dd><Time at={told.made_at} date /></dd>
              <dt>Differences</dt>
              <dd>{told.differences || 'none'}</dd>
              <dt>Seal</dt>
              <dd class="mono">{told.seal}</dd>
              <dt>Signature</dt>
              <dd class="mono">{told.signature || 'none: there was no key'}</dd>
            </dl>
            <pre class="Report" tabindex={0} aria-label="The report">{readable(told.report)}</pre>
            <div class="Report">
              <button type="button" onClick={() => save(new Blob([told.report], { type: 'application/json' }), `report-${day}.json`)}>
                Save as it was signed
              </button>
            </div>
          </>
        )}
      </Await>
    </Dialog>
  );
}
