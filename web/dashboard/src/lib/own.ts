// What changes while it is shown: objects whose fields are signals. Whoever reads one while it is drawn, is drawn anew
// as it is set.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';

// Its fields are watched from now on, one by one: set a field, not what is within it.
export function watched<T extends object>(object: T): T {
  for (const [name, first] of Object.entries(object)) {
    const field = signal<unknown>(first);
    Object.defineProperty(object, name, { enumerable: true, get: () => field.value, set: (value) => { field.value = value; } });
  }
  return object;
}

// A component's own: made as it is first drawn, and watched.
export const useOwn = <T extends object>(make: () => T): T => useMemo(() => watched(make()), []);

export function useTitle(title: string) {
  useEffect(() => { document.title = `${title} · Hotclock`; }, [title]);
}

// How wide an element is: what goes to its `ref`, and its width in pixels, 0 while it is not there.
export function useWidth(): [(element: Element | null) => void, number] {
  const own = useOwn(() => ({ width: 0 }));
  const box = useMemo(() => {
    const observer = new ResizeObserver(([entry]) => { own.width = entry?.target.clientWidth ?? 0; });
    return (element: Element | null) => {
      observer.disconnect();
      if (element) observer.observe(element);
    };
  }, []);
  return [box, own.width];
}
