// Colours of a look, and whether one can be read on another (WCAG 2.2, 1.4.3).
export const pairs = [['primary', 'onPrimary'], ['accent', 'onAccent'], ['background', 'text'], ['surface', 'onSurface']] as const;
export const enough = 4.5;
export type Palette = Record<string, string>;

function channels(colour: string): number[] | null {
  const found = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (!found) return null;
  const full = found.length === 3 ? [...found].map((one) => one + one).join('') : found;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255);
}

// "#rrggbb"; empty where it is no colour.
export function full(colour: string): string {
  const all = channels(colour);
  return all ? `#${all.map((one) => Math.round(one * 255).toString(16).padStart(2, '0')).join('')}` : '';
}

function luminance(all: number[]): number {
  const [r = 0, g = 0, b = 0] = all.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// 1 to 21; null where one of them is no colour.
export function contrast(one: string, other: string): number | null {
  const a = channels(one), b = channels(other);
  if (!a || !b) return null;
  const [less = 0, more = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (more + 0.05) / (less + 0.05);
}

export interface Told { ground: string; text: string; ratio: number | null; filled: boolean }

// What a pair will be: where a ground has no colour of text, black or white is filled in. `below`: what `palette` lies on.
export function told([ground, text]: readonly [string, string], palette: Palette, below: Palette = {}): Told {
  const on = palette[ground] || below[ground] || '';
  const own = palette[text] || (palette[ground] ? '' : below[text] ?? '');
  const filled = !own && full(on) !== '';
  const best = (contrast(on, '#000000') ?? 0) >= (contrast(on, '#ffffff') ?? 0) ? '#000000' : '#ffffff';
  const words = own || (filled ? best : '');
  return { ground: on, text: words, ratio: contrast(on, words), filled };
}
