import { Fragment } from 'preact';
import { place } from '../../lib/router';
import type { AuditEntry } from '../../made/api';
import Dialog from '../../lib/ui/Dialog';
import Time from '../../lib/ui/Time';
import { difference } from './difference';
import './Entry.css';

// One entry, with all that is known of it.
export default function Entry({ entry }: { entry: AuditEntry }) {
  const lines = difference(entry.was, entry.became);
  const facts = [
    ['Who', entry.who], ['From', entry.from], ['Outcome', entry.outcome], ['Reason', entry.reason], ['Detail', entry.detail],
    ['Request', entry.request], ['Token', entry.token ?? ''], ['Seal', entry.seal],
  ];
  return (
    <Dialog wide title={`${entry.what}${entry.job ? ` of ${entry.job}` : ''}`} open onopen={(open) => { if (!open) place.filter({ id: null }); }}>
      <dl class="Entry">
        <dt>When</dt>
        <dd><Time at={entry.at} seconds date /></dd>
        {entry.job ? (
          <>
            <dt>Job</dt>
            <dd><a href={`/jobs/${encodeURIComponent(entry.job)}`}>{entry.job}</a></dd>
          </>
        ) : null}
        {entry.slot ? (
          <>
            <dt>Slot</dt>
            <dd><a href={`/slots/${entry.slot}`}>{entry.slot}</a></dd>
          </>
        ) : null}
        {facts.filter(([, value]) => value).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd class={name === 'Seal' || name === 'Request' ? 'mono' : ''}>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {lines.length ? (
        <table class="Entry">
          <thead>
            <tr>
              <th>Changed</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <td>{line.name || 'all of it'}</td>
                <td class="was">{line.was ? <del>{line.was}</del> : <span class="dimmer">nothing</span>}</td>
                <td>{line.became ? <ins>{line.became}</ins> : <span class="dimmer">nothing</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : <p class="dim">It changed no setting.</p>}
    </Dialog>
  );
}
