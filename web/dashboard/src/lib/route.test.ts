import { describe, expect, test } from 'vitest';
import { find, fit, link, type Page } from './route';

const page = (path: string): Page => ({ path, title: path, load: () => Promise.reject(new Error('not here')) });

describe('addresses', () => {
  test('fit patterns word by word, and give what their parameters are', () => {
    expect(fit('/jobs/:job', '/jobs/og-daily%2Fbonus')).toEqual({ job: 'og-daily/bonus' });
    expect(fit('/', '/')).toEqual({});
    expect(fit('/jobs/:job', '/jobs')).toBeNull();
    expect(fit('/jobs', '/jobs/a')).toBeNull();
  });
  test('that are no good escape are taken as they are', () => {
    expect(fit('/jobs/:job', '/jobs/%zz')).toEqual({ job: '%zz' });
  });
  test('prefer plain words to parameters', () => {
    const pages = [page('/history/:slot'), page('/history/search')];
    expect(find(pages, '/history/search')?.page.path).toBe('/history/search');
    expect(find(pages, '/history/7')?.parts).toEqual({ slot: '7' });
    expect(find(pages, '/nowhere')).toBeNull();
  });
  test('are made of patterns, without empty words', () => {
    expect(link('/jobs/:job', { job: 'a b' }, { state: 'failed', node: '' })).toBe('/jobs/a%20b?state=failed');
  });
});
