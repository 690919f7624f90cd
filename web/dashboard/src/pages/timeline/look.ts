// The colours of the design, for what is drawn by script and not by the style sheet.
import { useEffect } from 'preact/hooks';
import { useOwn } from '../../lib/own';
import { coloursOf, type Colours } from './paint';

export function useColours(): Colours {
  const own = useOwn(() => ({ colours: coloursOf(document.documentElement) }));
  useEffect(() => {
    const note = () => { own.colours = coloursOf(document.documentElement); };
    const watch = new MutationObserver(note), dark = matchMedia('(prefers-color-scheme: dark)');
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    dark.addEventListener('change', note);
    return () => { watch.disconnect(); dark.removeEventListener('change', note); };
  }, []);
  return own.colours;
}
