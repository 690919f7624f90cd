// A lane on its canvas. Waiting is a thin line, work a bar, both in the colour of how it ended; what failed has a cross,
// what did so in part a dot: colour never stands alone.
import { lookOf, worst, type Tone } from '../../lib/outcomes';
import { endOf, type Bar, type Cell, type LaneOf } from './layout';
import type { ClockChange, Tick } from './ticks';
import type { View } from './view';

export const height = 40;
const top = 5, inside = 30;
const order: Tone[] = ['good', 'quiet', 'busy', 'warn', 'bad'];

export type Colours = Record<Tone | 'rule' | 'ink' | 'accent' | 'warnInk', string>;

export function coloursOf(root: Element): Colours {
  const style = getComputedStyle(root), of = (name: string) => style.getPropertyValue(name).trim();
  return { good: of('--good-fill'), quiet: of('--quiet-fill'), busy: of('--busy-fill'), warn: of('--warn-fill'), bad: of('--bad-fill'),
    rule: of('--rule'), ink: of('--ink-2'), accent: of('--accent'), warnInk: of('--warn') };
}

export interface Sheet { pen: CanvasRenderingContext2D; width: number; view: View; now: number; colours: Colours; ticks: Tick[]; changes: ClockChange[] }

const xOf = ({ width, view }: Sheet) => { const by = width / (view.to - view.from); return (at: number) => (at - view.from) * by; };
export const rowHeight = (rows: number) => inside / rows;

function cross({ pen, colours }: Sheet, x: number, y: number) {
  pen.strokeStyle = colours.bad;
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x - 3, y - 3); pen.lineTo(x + 3, y + 3); pen.moveTo(x + 3, y - 3); pen.lineTo(x - 3, y + 3);
  pen.stroke();
}
function dot({ pen, colours }: Sheet, x: number, y: number) {
  pen.fillStyle = colours.warn;
  pen.beginPath();
  pen.arc(x, y, 2.5, 0, 7);
  pen.fill();
}

function bar(sheet: Sheet, one: Bar, x: (at: number) => number, tall: number, filled: number[]) {
  const { pen, width, now } = sheet, left = x(one.begin), right = x(endOf(one, now));
  if (right < 0 || left > width) return;
  // Of many within one pixel, one is drawn.
  const pixel = Math.floor(left);
  if (right - left < 1 && filled[one.row] === pixel) return;
  filled[one.row] = pixel;
  const y = top + one.row * tall, thick = Math.max(3, tall - 2), middle = y + thick / 2;
  const worked = one.began === null ? right : Math.max(left, x(one.began));
  if (worked - left >= 1) pen.fillRect(left, middle - 1, worked - left, 2);
  if (one.began === null) pen.fillRect(Math.max(left, right - 1.5), y, 3, thick);
  else pen.fillRect(worked, y, Math.max(2, right - worked), thick);
}

function marks(sheet: Sheet, bars: Bar[], x: (at: number) => number, tall: number) {
  let last = -Infinity;
  for (const one of bars) {
    if (one.tone !== 'bad' && one.tone !== 'warn') continue;
    const at = Math.min(sheet.width - 4, Math.max(4, x(endOf(one, sheet.now))));
    if (x(endOf(one, sheet.now)) < 0 || x(one.begin) > sheet.width || at - last < 5) continue;
    last = at;
    const y = top + one.row * tall;
    if (one.tone === 'bad') cross(sheet, at, Math.max(4, y - 1));
    else dot(sheet, at, Math.max(3, y - 1));
  }
}

// Many slots as one: higher and with a cross where one of them failed, as in the overview.
function cells(sheet: Sheet, all: Cell[], length: number, x: (at: number) => number) {
  const tall: Record<Tone, number> = { good: 10, quiet: 10, busy: 14, warn: 18, bad: inside };
  for (const cell of all) {
    const left = x(cell.at), wide = Math.max(1.5, x(cell.at + length) - left - 0.5), look = lookOf(worst(cell.slots) ?? '');
    if (left + wide < 0 || left > sheet.width) continue;
    sheet.pen.fillStyle = sheet.colours[look.tone];
    sheet.pen.fillRect(left, top + inside - tall[look.tone], wide, tall[look.tone]);
    if (look.tone === 'bad') cross(sheet, left + wide / 2, top - 1);
  }
}

function coming(sheet: Sheet, lane: LaneOf, x: (at: number) => number) {
  const { pen, colours, width } = sheet, middle = top + inside / 2;
  let last = -Infinity;
  for (const run of lane.coming) {
    const at = x(run.at);
    if (at < 0 || at > width || run.at < sheet.now - 1000 || (at - last < 3 && !run.lost && !run.note)) continue;
    last = at;
    pen.fillStyle = colours.ink;
    if (run.lost) cross({ ...sheet, colours: { ...colours, bad: colours.warnInk } }, at, middle);
    else pen.fillRect(at - 0.75, middle - 7, 1.5, 14);
    if (run.note && !run.lost) dot(sheet, at, middle - 11);
  }
  if (lane.comingUntil === null || x(lane.comingUntil) > width) return;
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 2;
  pen.setLineDash([1.5, 4]);
  pen.beginPath();
  pen.moveTo(Math.max(0, x(lane.comingUntil)), middle);
  pen.lineTo(width, middle);
  pen.stroke();
  pen.setLineDash([]);
}

export function paint(sheet: Sheet, lane: LaneOf) {
  const { pen, width, colours, now } = sheet, x = xOf(sheet), tall = rowHeight(lane.rows);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = colours.rule;
  for (const tick of sheet.ticks) pen.fillRect(Math.round(x(tick.at)), 0, tick.strong ? 2 : 1, height);
  pen.fillStyle = colours.warn;
  for (const change of sheet.changes) pen.fillRect(x(change.at) - 1, 0, 2, height);
  cells(sheet, lane.cells, lane.cell, x);
  for (const tone of order) {
    const filled: number[] = [];
    pen.fillStyle = colours[tone];
    for (const one of lane.bars) if (one.tone === tone) bar(sheet, one, x, tall, filled);
  }
  marks(sheet, lane.bars, x, tall);
  coming(sheet, lane, x);
  pen.fillStyle = colours.accent;
  pen.fillRect(x(now) - 0.75, 0, 1.5, height);
}
