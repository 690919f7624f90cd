import type { Difference } from '../../made/api';
import Icon from '../../lib/ui/Icon';
import Time from '../../lib/ui/Time';
import './Differences.css';

// What is not as it should be, one by one.
export default function Differences({ items }: { items: (Difference & { found_at?: string })[] }) {
  return (
    <div class="Differences wide">
      <table>
        <thead>
          <tr>
            <th>What</th>
            <th>Job</th>
            <th>At</th>
            <th>Which</th>
            <th>Found</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.kind + one.scope + one.job + one.at + one.subject}>
              <td class="tone-bad nowrap"><Icon name="warning" /> {one.kind.replaceAll('_', ' ')}</td>
              <td>{one.job ? <a href={`/jobs/${encodeURIComponent(one.job)}`}>{one.job}</a> : null}</td>
              <td class="nowrap"><Time at={one.at} /></td>
              <td>
                {one.subject}
                <br />
                <span class="dim small">{one.detail}</span>
              </td>
              <td class="nowrap">{one.found_at ? <Time at={one.found_at} as="relative" /> : 'now'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
