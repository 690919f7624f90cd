// A schedule that somebody types, as the server understands it: asked for as the typing stops.
import { batch } from '@preact/signals';
import type { SchedulePreview } from '../../made/api';
import { ApiProblem, send } from '../../lib/api';
import { watched } from '../../lib/own';

export interface Wish { schedule: string; zone: string; dst: string }

export class Preview {
  told: SchedulePreview | undefined = undefined;
  problem: ApiProblem | null = null;
  of: Wish | null = null; // what `told` or `problem` is about
  #timer = 0;
  #asked = 0;

  constructor() { watched(this); }

  ask(job: string, wish: Wish, after = 250) {
    clearTimeout(this.#timer);
    const mine = ++this.#asked;
    this.#timer = window.setTimeout(() => void this.#ask(job, wish, mine), after);
  }

  async #ask(job: string, wish: Wish, mine: number) {
    try {
      const { value } = await send('POST /jobs/{job}/schedule/preview', { path: { job }, body: wish });
      if (mine === this.#asked) batch(() => Object.assign(this, { told: value, problem: null, of: wish }));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (mine === this.#asked) batch(() => Object.assign(this, { problem: error, of: wish }));
    }
  }
}

export const same = (a: Wish | null, b: Wish) => a !== null && a.schedule === b.schedule && a.zone === b.zone && a.dst === b.dst;

// What of it is to be sent: its schedule, and of the rest what is otherwise than now. What is untouched goes on by the files.
export const touched = (now: Wish, { schedule, zone, dst }: Wish) => ({ schedule, ...(zone !== now.zone && { zone }), ...(dst !== now.dst && { dst }) });
