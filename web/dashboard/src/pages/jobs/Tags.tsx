import { link } from '../../lib/route';
import './Tags.css';

// The words that people find a job by; each leads to the jobs that have it.
export default function Tags({ tags }: { tags: string[] }) {
  return <>{tags.map((tag) => <a key={tag} class="Tags" href={link('/jobs', {}, { q: `tag:${tag}` })}>{tag}</a>)}</>;
}
