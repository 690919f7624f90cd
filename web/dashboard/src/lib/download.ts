// Lines of the API as a file: page after page, as far as `Link` leads. What came is given to the browser piece by piece,
// so that a large one takes no room of the page's.
import { ApiProblem, problemOf } from './api';

export interface Coming { lines: number; bytes: number }

// Where Link leads on.
export const following = (header: string | null): string | undefined => /<([^>]+)>;\s*rel="?next"?/.exec(header ?? '')?.[1];

// `after`: where no Link leads on, the address of what follows a page.
export async function linesOf(address: string, told: (so_far: Coming) => void, signal: AbortSignal, after: (page: string) => string | undefined = () => undefined): Promise<Blob> {
  const pieces: Blob[] = [], so_far = { lines: 0, bytes: 0 };
  let type = '';
  for (let next: string | undefined = address; next;) {
    const response: Response = await fetch(next, { credentials: 'same-origin', signal, headers: { Accept: '*/*' } }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new ApiProblem(0, 'No answer', 'The server cannot be reached; nothing was saved.', 'unreachable', '');
    });
    if (!response.ok) throw await problemOf(response);
    type = response.headers.get('Content-Type') ?? type;
    const text = await response.text();
    pieces.push(new Blob([text]));
    so_far.bytes += text.length;
    so_far.lines += text.split('\n').length - 1;
    told({ ...so_far });
    next = following(response.headers.get('Link')) ?? after(text);
  }
  return new Blob(pieces, { type });
}

export function save(blob: Blob, name: string) {
  const address = URL.createObjectURL(blob), link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
