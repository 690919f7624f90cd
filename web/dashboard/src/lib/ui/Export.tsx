import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../api';
import { linesOf, save, type Coming } from '../download';
import { toasts } from '../toasts';
import { useOwn } from '../../lib/own';
import Shut from './Shut';
import './Export.css';

// `after`: see lib/download.ts.
export interface File {
  title: string;
  name: string;
  address: () => string;
  after?: (page: string) => string | undefined;
}

// Lines as a file: how far it is while it comes, and a way to stop it. `shut`: why it cannot be fetched now.
export default function Export({ label, files, shut = '' }: { label: string; files: File[]; shut?: string }) {
  const own = useOwn(() => ({ coming: null as Coming | null }));
  const stop = useRef<AbortController | null>(null);
  async function fetchAll(file: File) {
    const { signal } = (stop.current = new AbortController());
    own.coming = { lines: 0, bytes: 0 };
    try {
      const blob = await linesOf(
        file.address(),
        (so_far) => { own.coming = so_far; },
        signal,
        file.after,
      );
      save(blob, file.name);
      toasts.say(`${file.name}: ${own.coming.lines.toLocaleString('en')} lines.`);
    } catch (error) {
      if (error instanceof ApiProblem) toasts.say(`Not exported: ${error.detail}`, { tone: 'bad' });
      else if (!signal.aborted) throw error;
    } finally {
      own.coming = null;
    }
  }
  useEffect(() => () => stop.current?.abort(), []);
  return (
    <div class="Export export" role="group" aria-label={label}>
      {own.coming ? (
        <>
          <span class="small dim">{own.coming.lines.toLocaleString('en')} lines …</span>
          <button type="button" onClick={() => stop.current?.abort()}>Stop</button>
        </>
      ) : files.map((file) => (
        <Shut key={file.title} why={shut} onClick={() => void fetchAll(file)}>{file.title}</Shut>
      ))}
    </div>
  );
}
