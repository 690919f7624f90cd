import { expect, test } from 'vitest';
import { pages, ways } from './pages';

const twice = (words: string[]) => words.filter((word, at) => words.indexOf(word) !== at);

test('no two pages are found or reached in one way', () => {
  expect(twice(pages.map((page) => page.path))).toEqual([]);
  expect(twice(pages.flatMap((page) => page.nav?.key ?? []))).toEqual([]);
});

test('every page that has a way is in the navigation once', () => {
  const shown = ways.flatMap((group) => group.pages.map((page) => page.path));
  expect(shown.sort()).toEqual(pages.filter((page) => page.nav).map((page) => page.path).sort());
});
