// Jobs that do what pages of jobs show: fail, talk, last; and what they did.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { comesTrue } from '../../emitters/support/waiting.mjs';
import { raise } from '../../api/support/stage.mjs';
import { reason } from './operator.mjs';

const command = (argv, more = '') => `kind = "command"\nschedule = "0 0 29 2 *"\nlease = "5 s"\n${more}[settings]\nargv = ${JSON.stringify(argv)}\ngrace = "0 s"\n`;
const jobs = {
  flop: command(['/usr/bin/ls', '/nowhere'], '[retries]\ncount = 0\n'),
  talk: command(['/usr/bin/seq', '-f', 'line %g of what it says', '300']),
  ticks: command(['/usr/bin/true']).replace('0 0 29 2 *', '* * * * * *'),
  wallet: command(['/usr/bin/true'], 'second_person = true\ntags = ["money", "nightly"]\n'),
};

// What the job `speaks` says, as a test writes it, until it is cancelled.
const room = mkdtempSync(join(tmpdir(), 'hotclock-said-'));
after(() => rmSync(room, { recursive: true }));
const said = join(room, 'said');
appendFileSync(said, '');
jobs.speaks = command(['/usr/bin/tail', '-n', '+1', '-f', said]);

export class Stage {
  static async make({ settings = {} } = {}) {
    const stage = new Stage();
    Object.assign(stage, await raise({ jobs, settings: { commands: { allow: ['/usr/bin/sleep', '/usr/bin/ls', '/usr/bin/seq', '/usr/bin/tail', '/usr/bin/true'] }, ...settings } }));
    return stage;
  }

  async asks(method, path, body, token = this.node.token) {
    const answer = await fetch(this.node.root + path, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    const said = await answer.json();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(said)}`);
    return said;
  }
  // A slot of `job`, once it stands as `standing`; without one, as soon as it is in line.
  async works(job, standing = '', body = {}) {
    const slot = await this.asks('POST', `/jobs/${job}/run`, { reason, ...body });
    return standing ? this.comes(slot.id, standing) : slot;
  }
  async comes(slot, standing) {
    const stands = async () => {
      const { slot: now } = await this.asks('GET', `/slots/${slot}`);
      return (now.ended ?? now.state) === standing ? now : null;
    };
    return comesTrue(stands, `slot ${slot} is ${standing}`, 60_000);
  }
  says(text) { appendFileSync(said, text); }
  token(role, more = {}) { return this.asks('POST', '/tokens', { name: role, role, reason, ...more }); }
}
