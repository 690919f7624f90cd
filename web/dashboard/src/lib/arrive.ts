// For a page that shows a list, or one of it where its address names one: who hears or types is where they went.

// Called as what is shown became another: its heading has the focus, and one that was opened is seen from its beginning.
export async function arrive(opened: boolean): Promise<void> {
  await new Promise(requestAnimationFrame);
  if (opened) scrollTo(0, 0);
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}
