import { place } from '../router';
import './Tabs.css';

// Pages that belong together, beneath one way of the navigation.
export default function Tabs({ tabs, label }: { tabs: { href: string; title: string }[]; label: string }) {
  return (
    <nav class="Tabs tabs" aria-label={label}>
      {tabs.map((tab) => (<a key={tab.href} href={tab.href} aria-current={place.path === tab.href ? 'page' : undefined}>{tab.title}</a>))}
    </nav>
  );
}
