import type { Failure } from '../../made/api';
import { useOwn } from '../../lib/own';
import './SetAside.css';

const most = 20;

// Records that could not be worked and were set aside, so that the others were.
export default function SetAside({ failures, total, name }: { failures: Failure[]; total: number; name: string }) {
  const own = useOwn(() => ({ all: false }));
  const shown = own.all ? failures : failures.slice(0, most);
  const sums: Record<string, number> = {};
  for (const { code } of failures) sums[code] = (sums[code] ?? 0) + 1;
  const codes = Object.entries(sums).sort((a, b) => b[1] - a[1]).slice(0, 4);
  return (
    <section class="SetAside" aria-labelledby={`aside-${name}`}>
      <header>
        <h2 id={`aside-${name}`}>Records set aside</h2>
        <span class="small dim">
          {total.toLocaleString('en')}
          {total > failures.length ? `, of which ${failures.length} are kept` : ''}
          {codes.map(([code, count]) => `; ${count} ${code}`)}
        </span>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Code</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one, at) => (
            <tr key={at}>
              <th scope="row"><code>{one.record}</code></th>
              <td><code>{one.code}</code></td>
              <td>{one.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < failures.length ? <button class="plain" type="button" onClick={() => { own.all = true; }}>Show all {failures.length}</button> : null}
    </section>
  );
}
