import { type ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { act, type Act } from '../act';
import { ApiProblem, newKey, type Change } from '../api';
import { permit } from '../permissions';
import { session } from '../session';
import { toasts } from '../toasts';
import Dialog from './Dialog';
import HowFar from './HowFar';
import Problem from './Problem';
import Shut from './Shut';
import { useOwn } from '../../lib/own';
import './Action.css';

// Something that is done for good: a button, and a dialog that says what will happen, asks why, does it, and says what
// it did. Whoever may not sees the button and why. Sent anew after no answer it is the same act (Idempotency-Key).
export default function Action<C extends Change>({
  change,
  job = undefined,
  label,
  title = label,
  says,
  does,
  undo = undefined,
  done = undefined,
  failed = undefined,
  danger = false,
  quiet = false,
  plain = false,
  blocked = '',
  reason: wantsReason = true,
  fields = undefined,
  plan = undefined,
  ready = true,
  confirm = label,
  wide = false,
  many = false,
  opened = undefined,
}: {
  change: C;
  job?: string | undefined; // the one it is about, for what a token is for
  label: string; // of the button: a verb
  title?: string;
  says: string; // what will happen, in the words of the domain
  does: (reason: string) => Act<C>; // the order, and what to say when it is done
  undo?: ((reason: string) => Promise<unknown>) | undefined;
  done?: ((status: number) => void) | undefined;
  failed?: ((problem: ApiProblem) => boolean | void) | undefined; // the dialog stays and shows it, unless this is true: the page does
  danger?: boolean;
  quiet?: boolean; // one of many of a list: not the button is red, but that of the dialog
  plain?: boolean;
  blocked?: string; // why it cannot be done now, whoever asks
  reason?: boolean; // the API keeps one
  fields?: ComponentChildren | undefined; // what else it takes
  plan?: ComponentChildren | undefined; // what it would do, as the API reckons it
  ready?: boolean; // fields and plan are
  confirm?: string;
  wide?: boolean;
  many?: boolean; // the server tells how far it is with it
  opened?: (() => void) | undefined; // the dialog was: fields can be set to what is
}) {
  const own = useOwn(() => ({ open: false, reason: '', busy: false, problem: null as ApiProblem | null }));
  const key = useRef('');
  const may = permit(session.me, change, job);
  const why = may.may ? blocked : may.why;
  const id = useId();
  const unsaid = wantsReason && !own.reason.trim();
  useEffect(() => {
    if (!own.open) return;
    own.reason = '';
    own.problem = null;
    own.busy = false;
    key.current = newKey();
    opened?.();
  }, [own.open]);
  async function perform(event: SubmitEvent) {
    event.preventDefault();
    own.busy = true;
    own.problem = null;
    try {
      const told = await act(does(own.reason.trim()), key.current);
      own.open = false;
      toasts.say(told.text, { link: told.link, undo: undo && !told.waits ? () => void takeBack() : undefined });
      done?.(told.status);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (failed?.(error)) own.open = false;
      else own.problem = error;
      if (!error.unreachable) key.current = newKey(); // it was answered: what is sent next is another request
    } finally {
      own.busy = false;
    }
  }
  async function takeBack() {
    try {
      await undo?.('taken back');
      toasts.say('Taken back.');
      done?.(200);
    } catch (error) {
      if (error instanceof ApiProblem) toasts.say(error.unreachable ? 'It is not known whether it was taken back: nobody answered.' : `Not taken back: ${error.detail}`, { tone: 'bad' });
    }
  }
  return (
    <>
      <span class="Action action" data-change={change} data-job={job}>
        <Shut why={why} look={`${danger && !quiet && !why ? 'danger' : ''} ${plain ? 'plain' : ''}`} onClick={() => { own.open = true; }}>{label}</Shut>
      </span>
      <Dialog open={own.open} onopen={(open) => { own.open = open; }} title={title} wide={wide}>
        <form class="Action" onSubmit={perform}>
          <p>{says}</p>
          {fields}
          {plan}
          {wantsReason ? (
            <div class="field">
              <label for={`${id}-reason`}>Why</label>{' '}
              <input
                id={`${id}-reason`}
                value={own.reason}
                onInput={(event) => { own.reason = event.currentTarget.value; }}
                maxlength={500}
                required
                autocomplete="off"
                placeholder="The audit keeps it"
              />
            </div>
          ) : null}
          {own.problem ? <Problem problem={own.problem} what={own.problem.undone} /> : null}
          {many ? <div class="far">{own.busy ? <HowFar act={key.current} /> : null}</div> : null}
          <div class="buttons">
            {wantsReason ? <span class="first small dim" id={`${id}-first`}>{unsaid && ready && !own.busy ? 'Say why first.' : ''}</span> : null}
            <button class="plain" type="button" onClick={() => { own.open = false; }}>Leave it</button>{' '}
            <button
              class={danger ? 'danger' : 'main'}
              type="submit"
              disabled={own.busy || !ready || unsaid}
              aria-describedby={wantsReason ? `${id}-first` : undefined}
            >
              {own.busy ? 'Asking …' : confirm}
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
