import { Fragment } from 'preact';
import { get } from '../../lib/api';
import { useLoaded } from '../../lib/loaded';
import { useTitle } from '../../lib/own';
import { link } from '../../lib/route';
import { place } from '../../lib/router';
import { session } from '../../lib/session';
import Action from '../../lib/ui/Action';
import Copy from '../../lib/ui/Copy';
import Icon from '../../lib/ui/Icon';
import Mark from '../../lib/ui/Mark';
import Problem from '../../lib/ui/Problem';
import Skeleton from '../../lib/ui/Skeleton';
import Time from '../../lib/ui/Time';
import { factsOf, ledTo, lookOf, mayApprove, mayRefuse, titleOf } from './approvals';
import './OneApproval.css';

// One of them: who asked, why, and to the letter what is said yes to.
export default function OneApproval({ id, open }: { id: string; open: number | undefined }) {
  // Asked anew as the number of those that wait, `open`, changes.
  const told = useLoaded((signal) => get('/approvals/{approval}', { path: { approval: id } }, signal), [open, id]);
  const one = told.value;
  const yes = one ? mayApprove(one, session.me) : { may: false, why: '' };
  const no = one ? mayRefuse(one, session.me) : { may: false, why: '', own: false };
  const came = one?.state === 'approved' ? ledTo(one) : null;
  const again = () => void told.again();
  const title = one ? titleOf(one) : `Approval ${id}`;
  useTitle(title);
  return (
    <>
      <p class="OneApproval back">
        <a href={place.word('all') ? '/approvals?all=yes' : '/approvals'}>
          <span class="turned"><Icon name="arrow" /></span>
          All approvals
        </a>
      </p>
      {told.problem ? <Problem problem={told.problem} what="The approval could not be shown" again={again} /> : null}
      <h1 class={`OneApproval title ${!one && told.problem ? 'unseen' : ''}`} tabindex={-1}>{title}</h1>
      {one ? (
        <>
          <p class="OneApproval stands">
            <Mark look={lookOf(one)} />
            {one.state === 'open' ? <span class="dim">expires <Time at={one.expires_at} as="both" /></span> : (
              <span class="dim">
                {one.decided_by ? `by ${one.decided_by}, ` : ''}
                <Time at={one.decided_at ?? one.expires_at} as="both" />
                {one.decision_reason ? `: ${one.decision_reason}` : ''}
                {came ? <>. <a href={came.href}>{came.text}</a></> : null}
              </span>
            )}
          </p>
          <dl class="OneApproval facts">
            <dt>Asked by</dt>
            <dd>{one.requested_by}, <Time at={one.requested_at} as="both" /></dd>
            <dt>Why</dt>
            <dd>{one.reason}</dd>
            {one.job ? (
              <>
                <dt>Job</dt>
                <dd><a href={link('/jobs/:job', { job: one.job })}>{one.job}</a></dd>
              </>
            ) : null}
            {factsOf(one).map((fact) => (
              <Fragment key={fact.name}>
                <dt>{fact.name}</dt>
                <dd>{fact.at ? <Time at={fact.at} as="both" seconds /> : <span class="mono">{fact.value}</span>}</dd>
              </Fragment>
            ))}
          </dl>
          {one.state === 'open' ? (
            <>
              <div class="OneApproval acts">
                <Action
                  change={'POST /approvals/{approval}/approve'}
                  job={one.job || undefined}
                  label="Approve"
                  title="Say yes to this"
                  blocked={yes.why}
                  says={`${title}: it is done at once, in the name of ${one.requested_by}, exactly as it stands here.`}
                  does={(reason) => ({
                    change: 'POST /approvals/{approval}/approve',
                    order: { path: { approval: one.id }, body: { plan_hash: one.plan_hash, reason } },
                    done: ({ approval, result }) => ({ text: `Done: ${titleOf(approval)}.`, link: ledTo(approval, result) }),
                  })}
                  done={again}
                />
                <Action
                  change={'POST /approvals/{approval}/refuse'}
                  label={no.own ? 'Withdraw' : 'Refuse'}
                  blocked={no.why}
                  danger={!no.own}
                  says={no.own ? 'Nobody needs to decide it any more, and nothing is done.' : `Nothing is done. ${one.requested_by} can ask again.`}
                  does={(reason) => ({
                    change: 'POST /approvals/{approval}/refuse',
                    order: { path: { approval: one.id }, body: { reason } },
                    done: no.own ? 'Withdrawn.' : 'Refused.',
                  })}
                  done={again}
                />
              </div>
              {yes.why ? <p class="OneApproval why dim"><Icon name="bar" /> {yes.why}</p> : null}
            </>
          ) : null}
          <section class="OneApproval plan" aria-labelledby="plan">
            <h2 id="plan">The plan, to the letter</h2>
            <pre>{JSON.stringify(one.plan, null, 2)}</pre>
            <p class="small dim">Who says yes says it to this SHA-256 of it, and to no other:</p>
            <Copy text={one.plan_hash} name="the hash" />
          </section>
        </>
      ) : !told.problem ? <Skeleton rows={8} /> : null}
    </>
  );
}
