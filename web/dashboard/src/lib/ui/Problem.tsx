import type { ApiProblem } from '../api';
import Icon from './Icon';
import './Problem.css';

// What could not be shown or done, as the API says it, and a way to try again.
export default function Problem({
  problem,
  again = undefined,
  what = 'This could not be loaded',
}: {
  problem: ApiProblem;
  again?: (() => void) | undefined;
  what?: string | undefined;
}) {
  return (
    <div class="Problem problem" role="group" aria-label={what}>
      <p class="head tone-bad">
        <Icon name="warning" />{' '}
        <strong>{what}: {problem.title}</strong>
      </p>
      <p>{problem.detail}</p>
      {problem.mistakes.length ? (
        <ul>
          {problem.mistakes.map((one) => (
            <li key={one.where + one.what}>
              <code>{one.where}</code>: {one.what}
              {one.right ? ` — ${one.right}` : ''}
            </li>
          ))}
        </ul>
      ) : null}
      {problem.requestId ? (<p class="small dim">Request <code>{problem.requestId}</code></p>) : null}
      {again ? (<button type="button" onClick={again}>Try again</button>) : null}
    </div>
  );
}
