import { preferences } from '../lib/preferences';
import { browserZone, shortZone, type ZoneChoice } from '../lib/time';
import './ZoneSwitch.css';

// Which zone times are shown in; those of a job can be shown in its own.
export default function ZoneSwitch() {
  return (
    <label class="ZoneSwitch zone">
      <span class="unseen">Zone of times</span>{' '}
      <select value={preferences.zone} onChange={(event) => { preferences.zone = event.currentTarget.value as ZoneChoice; }}>
        <option value="browser">{browserZone === 'UTC' ? 'Browser’s: UTC' : shortZone(browserZone)}</option>
        <option value="utc">UTC</option>
        <option value="job">Each job’s</option>
      </select>
    </label>
  );
}
