// Whether the design changed, for what is drawn by script and not by the style sheet.
export function look() {
  let changed = $state(0);
  $effect(() => {
    const note = () => { ++changed; };
    const watch = new MutationObserver(note), dark = matchMedia('(prefers-color-scheme: dark)');
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    dark.addEventListener('change', note);
    return () => { watch.disconnect(); dark.removeEventListener('change', note); };
  });
  return { get changed() { return changed; } };
}
