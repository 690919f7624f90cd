// Whether anything starts at all, for the banner of every page: of the overview's stream where a page hears that, and
// asked for now and then. Its dialog is opened from wherever somebody looks for it.
import type { KillSwitch } from '../made/api';
import { ApiProblem, get } from './api';
import { watched } from './own';
import { session } from './session';

const pause = 10_000;

class Kill {
  told: KillSwitch | undefined = undefined;
  asked = false; // the dialog is open
  #heard: KillSwitch | undefined;

  constructor() { watched(this); }

  ask() { this.asked = true; }

  // The stream's list stays after the page that wanted it: what was heard once is not heard again.
  hear(said: KillSwitch | undefined) {
    if (said && said !== this.#heard) this.told = this.#heard = said;
  }

  async look(): Promise<void> {
    try {
      this.told = (await get('/kill-switch', {})).value;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error; // what was known stays; the badge says whether the server is there
    }
  }

  // While the returned function was not called, it is looked at.
  keep(): () => void {
    const ask = () => { if (!document.hidden && session.me) void this.look(); };
    void this.look();
    const timer = setInterval(ask, pause);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }
}

export const kill = new Kill();
