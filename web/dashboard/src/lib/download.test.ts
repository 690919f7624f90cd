import { expect, test } from 'vitest';
import { csvOf } from './csv';
import { walk } from './download';
import { ApiProblem } from './api';

const page = (items: number[], next: string | null) => ({ value: { items, next }, etag: '', next });
const { signal } = new AbortController();

test('items are lines of one table, whatever members they have', () => {
  expect(csvOf([{ job: 'pay', last: null, running: 0 }, { job: 'rank', tags: ['a', 'b'], running: -2 }]))
    .toBe('job,last,running,tags\r\npay,,0,\r\nrank,,-2,"[""a"",""b""]"\r\n');
  expect(csvOf([{ on: true, schedule: { zone: 'Asia/Tokyo' } }])).toBe('on,schedule\r\ntrue,"{""zone"":""Asia/Tokyo""}"\r\n');
});

test('what ends a cell or a line is quoted, and no text is a formula', () => {
  expect(csvOf([{ a: 'x, y', b: 'she said "no"', c: 'two\nlines' }])).toBe('a,b,c\r\n"x, y","she said ""no""","two\nlines"\r\n');
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx']) expect(csvOf([{ a: text }])).toBe(`a\r\n"'${text}"\r\n`);
  expect(csvOf([{ a: '=HYPERLINK("x")', b: 'a=b' }])).toBe('a,b\r\n"\'=HYPERLINK(""x"")",a=b\r\n');
});

test('a list is walked to its end, over pages that are empty', async () => {
  const pages = new Map([[undefined, page([1, 2], 'a')], ['a', page([], 'b')], ['b', page([3], null)]]);
  const said: number[] = [];
  expect(await walk(async (cursor) => pages.get(cursor as never) ?? page([], null), (lines) => said.push(lines), signal)).toEqual({ items: [1, 2, 3], cut: false });
  expect(said).toEqual([2, 2, 3]);
});

test('it stops at 100,000 lines, and says so where there is more', async () => {
  const of = (count: number) => walk(async (cursor, _, limit = 0) => {
    const from = Number(cursor ?? 0), to = Math.min(count, from + limit);
    return page(Array.from({ length: to - from }, (_, at) => from + at), to < count ? String(to) : null);
  }, () => {}, signal);
  expect(await of(100_000)).toMatchObject({ cut: false, items: { length: 100_000 } });
  expect(await of(100_001)).toMatchObject({ cut: true, items: { length: 100_000 } });
});

test('what fails on the way is told, and nothing is kept', async () => {
  const lost = new ApiProblem(0, 'nobody answered', '', 'unreachable', '');
  await expect(walk(async (cursor) => { if (cursor) throw lost; return page([1], 'a'); }, () => {}, signal)).rejects.toBe(lost);
});
