// Who is signed in. The token is handed over once, for a cookie that scripts cannot read, and kept nowhere.
import type { Me } from '../made/api';
import { watched } from './own';
import { antiForgery, ApiProblem, forgetAnswers, problemOf, send, whenSessionIsLost } from './api';
import { lacks } from './permissions';

class Session {
  // undefined: nobody knows yet; null: nobody is.
  me: Me | null | undefined = undefined;
  problem: ApiProblem | null = null;

  constructor() { watched(this); }

  lacks(right: string): string { return lacks(this.me, right); }
  may(right: string): boolean { return !this.lacks(right); }

  async look(): Promise<void> {
    this.problem = null;
    // Its cookie for scripts lasts as long as the session's own: without one there is nobody to ask for.
    if (!antiForgery()) { this.me = null; return; }
    try {
      const response = await fetch('/api/v1/session', { credentials: 'same-origin' });
      if (response.ok) this.me = await response.json() as Me;
      else if (response.status === 401 || response.status === 403) this.me = null;
      else this.problem = await problemOf(response);
    } catch {
      this.problem = new ApiProblem(0, 'No answer', 'The server cannot be reached.', 'unreachable', '');
    }
  }

  async open(token: string): Promise<void> {
    const response = await fetch('/api/v1/session', { method: 'POST', credentials: 'same-origin', headers: { Authorization: `Bearer ${token}` } });
    if (!response.ok) throw await problemOf(response);
    await this.look();
  }

  async end(): Promise<void> {
    await send('DELETE /session', {});
    this.lost();
  }

  lost() {
    forgetAnswers();
    this.me = null;
  }
}

export const session = new Session();
whenSessionIsLost(() => session.lost());
