import './Icon.css';

// A picture of the sprite, which index.html has once. It never stands for a word that is not there.
export default function Icon({ name, size = 16 }: { name: string; size?: number }) {
  return (<svg class="Icon icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><use href={`#i-${name}`} /></svg>);
}
