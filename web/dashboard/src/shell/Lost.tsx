import { place } from '../lib/router';
import { useTitle } from '../lib/own';

export default function Lost() {
  useTitle(`No such page`);
  return (
    <>
      <h1 tabindex={-1}>There is no such page</h1>
      <p class="dim">Nothing of the dashboard is at <code>{place.path}</code>. <a href="/">Overview</a> is a good place to begin; Ctrl-K searches.</p>
    </>
  );
}
