// A log's lines for people: what a terminal would have coloured or stressed becomes looks, and whatever else is said to
// terminals alone goes.

// `look`: classes of Log.css, empty where it is plain.
export interface Run { text: string; look: string }
export interface Line { text: string; runs: Run[] }

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const plain = { colour: -1, bold: false, dim: false, underlined: false };
type Style = typeof plain;
const lookOf = ({ colour, bold, dim, underlined }: Style) =>
  [colours[colour % 8], colour > 7 && 'bright', bold && 'bold', dim && 'dim', underlined && 'underlined'].filter(Boolean).join(' ');

// Control sequences, with their parameters and their end; strings (titles, links) up to theirs, or the line's; others.
// What is cut off, or broken by what does not belong there, goes as far as it came.
// eslint-disable-next-line no-control-regex
const sequence = /(?:\u001b\[|\u009b)([0-?]*)([ -/]*[@-~]?)|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

// Red, green and blue of the sixteen; which of them is nearest to others, and to one of the 256.
const shades: number[][] = Array.from({ length: 16 }, (_, n) => [1, 2, 4].map((bit) => (n === 8 ? 127 : n & bit ? (n > 8 ? 255 : n === 7 ? 229 : 205) : 0)));
function nearest(parts: number[]): number {
  const far = shades.map((shade) => shade.reduce((sum, part, at) => sum + (part - (parts[at] ?? 0)) ** 2, 0));
  return far.indexOf(Math.min(...far));
}
function ofMany(n: number): number {
  if (n < 16 || n > 255) return n < 16 ? n : -1;
  if (n > 231) return nearest(Array(3).fill(n * 10 - 2312));
  return nearest([36, 6, 1].map((step) => Math.floor((n - 16) / step) % 6).map((part) => (part ? part * 40 + 55 : 0)));
}

// A style after "1;31", "38;5;208", "0": what is not known changes nothing.
function styled(before: Style, said: string): Style {
  const style = { ...before }, codes = said.split(';');
  for (let at = 0; at < codes.length; ++at) {
    const [code = 0, ...own] = (codes[at] ?? '').split(':').map(Number);
    if (code === 0) Object.assign(style, plain);
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 4) style.underlined = own[0] !== 0;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 24) style.underlined = false;
    else if (code >= 30 && code <= 37) style.colour = code - 30;
    else if (code === 39) style.colour = -1;
    else if (code >= 90 && code <= 97) style.colour = code - 82;
    else if (code === 38 || code === 48 || code === 58) {
      const [kind, ...rest] = own.length ? own : codes.slice(at + 1, at + 5).map(Number);
      if (code === 38) style.colour = kind === 5 ? ofMany(rest[0] ?? -1) : kind === 2 ? nearest(rest.slice(-3)) : -1;
      if (!own.length) at += kind === 5 ? 2 : 4;
    }
  }
  return style;
}

// A style lasts from line to line, until it is changed.
export function lines(text: string): Line[] {
  let style = plain, look = '';
  return text.replace(/\n$/, '').split(/\r?\n/).map((line) => {
    const runs: Run[] = [];
    const say = (words: string) => {
      const last = runs.at(-1);
      if (last?.look === look) last.text += words;
      else if (words) runs.push({ text: words, look });
    };
    let from = 0;
    for (const found of line.matchAll(sequence)) {
      say(line.slice(from, found.index));
      from = found.index + found[0].length;
      if (found[2] !== 'm' || !/^[\d;:]*$/.test(found[1] ?? '')) continue;
      style = styled(style, found[1] ?? '');
      look = lookOf(style);
    }
    say(line.slice(from));
    return { text: runs.map((run) => run.text).join(''), runs };
  });
}

// What of the runs stands from one place of their line to another.
export function within(runs: Run[], from: number, to: number): Run[] {
  let at = 0;
  return runs.flatMap(({ text, look }) => {
    const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
    at += text.length;
    return part ? [{ text: part, look }] : [];
  });
}
