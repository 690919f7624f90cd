import { useRef, useEffect } from 'preact/hooks';
import type { Festival, Job } from '../made/api';
import { get } from '../lib/api';
import { commands, type Command } from '../lib/commands';
import { fits } from '../lib/match';
import { preferences } from '../lib/preferences';
import { link } from '../lib/route';
import { place } from '../lib/router';
import { session } from '../lib/session';
import { pages } from '../pages';
import { useOwn } from '../lib/own';
import './Palette.css';

// What is done to a job from anywhere, by who begins with the verb; its page asks.
const acts: Record<string, (job: Job) => boolean> = {
  run: (job) => job.enabled, pause: (job) => !job.paused, resume: (job) => Boolean(job.paused), schedule: () => true, backfill: () => true,
  enable: (job) => !job.enabled, disable: (job) => job.enabled,
};

// Anywhere with a few letters: pages, jobs, festivals, and what can be done here or to a job. A whole id leads to what it is of.
export default function Palette({ open, help, onopen }: { open: boolean; onopen: (open: boolean) => void; help: () => void }) {
  const own = useOwn(() => ({ typed: '', at: 0, jobs: [] as Job[], festivals: [] as Festival[] }));
  const dialog = useRef<HTMLDialogElement>(null);
  const most = 12;
  useEffect(() => {
    if (!open) {
      dialog.current?.close();
      return;
    }
    own.typed = '';
    own.at = 0;
    dialog.current?.showModal();
    get('/jobs', {}).then(({ value }) => { own.jobs = value.items; }, () => { own.jobs = []; });
    get('/festivals', { query: { limit: 500 } }).then(({ value }) => { own.festivals = value.items; }, () => { own.festivals = []; });
  }, [open]);
  const go = (title: string, hint: string, address: string): Command => ({ title, hint, run: () => place.go(address) });
  const fixed = [
    ...pages.filter((page) => page.nav && (!page.right || session.may(page.right))).map((page) => go(page.title, 'page', page.path)),
    ...commands.added,
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      title: `Theme: ${theme}`,
      hint: 'setting',
      run: () => { preferences.theme = theme; },
    })),
    ...(
      [
        ['browser', 'the browser’s'],
        ['utc', 'UTC'],
        ['job', 'each job’s'],
      ] as const
    ).map(([zone, name]) => ({
      title: `Zone: ${name}`,
      hint: 'setting',
      run: () => { preferences.zone = zone; },
    })),
    { title: 'Help and keys', hint: 'help', run: help },
    { title: 'Sign out', hint: 'account', run: () => void session.end() },
  ];
  const words = own.typed.trim();
  const slot = /^(?:slot\s*|#)(\d+)$/i.exec(words)?.[1];
  const looked = [
    ...(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(words) ? [go(`Execution ${words}`, 'by its id', link('/executions/:id', { id: words }))] : []),
    ...(words.length > 1 && !slot ? [go(`Search the history for “${words}”`, 'history', link('/history', {}, { q: words }))] : []),
  ];
  const verb = /^(\w{2,})\s/.exec(words)?.[1]?.toLowerCase() ?? '-';
  const done = Object.entries(acts).filter(([name]) => name.startsWith(verb)).flatMap(([name, fit]) => own.jobs.filter(fit)
    .map(({ job }) => ({ address: link('/jobs/:job', { job }), title: `${name[0]?.toUpperCase()}${name.slice(1)} ${job}` }))
    .filter(({ address }) => address !== place.path) // its page offers them itself
    .map(({ address, title }) => go(title, 'act', `${address}?do=${name}`)));
  const found = (() => {
    const all = [
      ...(slot ? [go(`Slot ${slot}`, 'by its number', `/slots/${slot}`)] : []), ...fixed, ...done, ...own.jobs.map(({ job }) => go(job, 'job', link('/jobs/:job', { job }))),
      ...own.festivals.map(({ id, name }) => go(name, 'festival', `/festivals/${id}`)),
    ];
    const ranked = all.map((one) => ({ one, score: fits(one.title, slot ?? words) })).filter(({ score }) => score > 0);
    if (words) ranked.sort((a, b) => b.score - a.score);
    return [...ranked.slice(0, most).map(({ one }) => one), ...looked];
  })();
  function choose(command: Command | undefined) {
    if (!command) return;
    onopen(false);
    command.run();
  }
  function key(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      own.at = (own.at + by + found.length) % Math.max(1, found.length);
      document.getElementById(`palette-${own.at}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') choose(found[own.at]);
    else return;
    event.preventDefault();
  }
  return (
    <dialog
      class="Palette"
      ref={dialog}
      aria-label="Search and commands"
      onClose={() => { onopen(false); }}
      onClick={(event) => { if (event.target === dialog.current) onopen(false); }}
    >
      {open ? (
        <>
          {' '}
          <input
            type="text"
            autofocus
            value={own.typed}
            onInput={(event) => { own.typed = event.currentTarget.value; own.at = 0; }}
            onKeyDown={key}
            placeholder="A job, a page, something to do"
            aria-label="A job, a page, something to do"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant={found.length ? `palette-${own.at}` : undefined}
            autocomplete="off"
            spellcheck={false}
          />
          <ul class="found" id="palette-list" role="listbox" aria-label="Found">
            {found.map((command, index) => (
              <li
                key={command.title + command.hint}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === own.at}
                onClick={() => choose(command)}
                onPointerMove={() => { own.at = index; }}
              >
                <span>{command.title}</span>
                <small class="dimmer">{command.hint}</small>
              </li>
            ))}
          </ul>
          {!found.length && <p class="none dim">Nothing is called so.</p>}
        </>
      ) : null}
    </dialog>
  );
}
