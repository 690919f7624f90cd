// Which rows of a long list stand in the page: those that can be seen, and some beyond on both sides.
const beyond = 10;

export interface Slice { begin: number; end: number }

// `top`: how much of the list is above what can be seen, `view`: how much can be seen, in pixels.
export function slice(count: number, height: number, top: number, view: number): Slice {
  const begin = Math.max(0, Math.min(count, Math.floor(top / height) - beyond));
  return { begin, end: Math.min(count, Math.ceil((top + view) / height) + beyond) };
}
