// Takes an act back: the festival as it was before, as long as nobody else changed it since.
import { ApiProblem, get, send } from '../../lib/api';
import type { Festival } from '../../made/api';
import { differences, written } from './draft';

// Its revision changes once more as its flags are turned, which is nobody's change: so it is looked at anew.
export async function restore(before: Festival, after: Festival, reason: string): Promise<Festival> {
  const path = { festival: before.id };
  for (let tries = 1; ; ++tries) {
    const { value: now } = await get('/festivals/{festival}', { path });
    if (differences(written(after), written(now)).length) throw new ApiProblem(412, 'Changed', 'somebody changed it since.', 'stale', '');
    try {
      return (await send('PUT /festivals/{festival}', { path, query: { reason }, body: written(before), ifMatch: `"${now.revision}"` })).value;
    } catch (error) {
      if (tries === 3 || !(error instanceof ApiProblem) || error.status !== 412) throw error;
    }
  }
}
