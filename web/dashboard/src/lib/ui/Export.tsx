import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../api';
import { save, type File } from '../download';
import { toasts } from '../toasts';
import { useOwn } from '../../lib/own';
import Shut from './Shut';
import './Export.css';

// Lines as a file: how far it is while it comes, and a way to stop it. `shut`: why it cannot be fetched now.
export default function Export({ label = 'Export what is listed', files, shut = '' }: { label?: string; files: File[]; shut?: string }) {
  const own = useOwn(() => ({ coming: null as string | null }));
  const stop = useRef<AbortController | null>(null);
  async function fetchAll(file: File) {
    const { signal } = (stop.current = new AbortController());
    const told = (lines: number) => { own.coming = `${lines.toLocaleString('en')} lines`; };
    told(0);
    try {
      const { blob, cut } = await file.make(told, signal);
      save(blob, file.name);
      toasts.say(`${file.name}: ${own.coming}${cut ? ', and there are more: it stops there. Narrow the list for the rest' : ''}.`, cut ? { tone: 'bad' } : {});
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
          <span class="small dim">{own.coming} …</span>
          <button type="button" onClick={() => stop.current?.abort()}>Stop</button>
        </>
      ) : files.map((file) => (
        <Shut key={file.title} why={shut} onClick={() => void fetchAll(file)}>{file.title}</Shut>
      ))}
    </div>
  );
}
