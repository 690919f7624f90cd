// The parts of the theme client that need no browser; tests/browser has the others.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cleaned, properties, skins } from './theme.js';

const text_of = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const empty = { country: 'NP', version: 1, festival: null, validUntil: null, colors: {}, dark: {}, images: {}, fonts: {}, skins: [], elements: {},
  bonuses: { giftMultiplier: 1, coinMultiplier: 1, experienceMultiplier: 1 }, festivals: [] };
const of = (members) => cleaned({ country: 'NP', version: 1, ...members });
const copy = (value) => JSON.parse(JSON.stringify(value));

describe('a document', () => {
  it('is shown whole where all of it passes', () => {
    const document = { ...empty, version: 4, festival: { id: '3', name: 'Tihar' }, validUntil: '2026-11-11T18:15:00Z', name: 'tihar',
      colors: { primary: '#f77f00', onPrimary: '#000' }, dark: { primary: '#FFB703' }, images: { background: '/festivals/tihar/sky.webp' },
      logo: { image: '/logo.svg', alt: 'Tihar' }, fonts: { heading: ['Mukta', 'serif'] }, overlay: 'rangoli',
      skins: [{ name: 'marigold', background: '#f57c00', text: '#000000', border: '#7a1712', image: '/m.svg' }],
      elements: { banner: { visible: true, text: 'Happy Tihar!', link: '/tihar' }, badge: { visible: false } },
      bonuses: { giftMultiplier: 3, coinMultiplier: 1.25, experienceMultiplier: 2 }, festivals: ['3', '9'] };
    assert.deepEqual(copy(cleaned(document)), document);
  });

  it('is the default theme where it says nothing', () => assert.deepEqual(copy(of({})), empty));

  it('is none without a country and a version', () => {
    for (const none of [null, undefined, 7, 'NP', [], {}, { country: 'NP' }, { version: 1 }, { country: 'np', version: 1 },
      { country: 'NP', version: '1' }, { country: 'NP', version: 1.5 }, { country: ['NP'], version: 1 }])
      assert.equal(cleaned(none), null, JSON.stringify(none));
  });

  it('has colours in hex only', () => {
    for (const good of ['#abc', '#ABCDEF', '#012345']) assert.deepEqual(of({ colors: { primary: good } }).colors, { primary: good });
    for (const bad of ['red', '#abcd', '#12345g', 'rgb(1,2,3)', '#fff;', ' #fff', '#fff\n', 'url(/x)', '', 7, ['#fff'], null])
      assert.deepEqual(of({ colors: { primary: bad }, dark: { text: bad } }).colors, {}, bad);
  });

  it('has images of its own origin, or of a host that was named', () => {
    const image = (url, hosts) => cleaned({ ...empty, images: { background: url } }, hosts).images.background;
    for (const good of ['/', '/a.svg', '/a/b.webp?v=2#x']) assert.equal(image(good), good);
    assert.equal(image('https://cdn.test/a.svg', ['cdn.test']), 'https://cdn.test/a.svg');
    for (const bad of ['https://cdn.test/a.svg', '//cdn.test/a.svg', 'http://cdn.test/a.svg', '/../a.svg', '/a b', '/a"', "/a'", '/a(', '/a)', '/a\\',
      '/a\n', '/<', 'a.svg', 'javascript:alert(1)', 'data:,', `/${'a'.repeat(600)}`, '', null, 7])
      assert.equal(image(bad), undefined, bad);
    for (const bad of ['https://cdn.test.evil.test/a', 'https://cdn.test@evil.test/a', 'https://evil.test/cdn.test', 'https://cdn.test:8443/a', 'HTTPS://cdn.test/a'])
      assert.equal(image(bad, ['cdn.test']), undefined, bad);
  });

  it('has families of letters and digits', () => {
    assert.deepEqual(of({ fonts: { heading: ['Noto Sans', 'a"b', '', 'x;', '1st', 'a'.repeat(41), 'serif'] } }).fonts, { heading: ['Noto Sans', 'serif'] });
    assert.deepEqual(of({ fonts: { heading: ['"'], body: 'serif' } }).fonts, {});
  });

  it('multiplies within its limits', () => {
    const { bonuses } = of({ bonuses: { giftMultiplier: 5.01, coinMultiplier: 3, experienceMultiplier: '2' } });
    assert.deepEqual(bonuses, { giftMultiplier: 1, coinMultiplier: 3, experienceMultiplier: 1 });
    assert.equal(of({ bonuses: { giftMultiplier: 0.5 } }).bonuses.giftMultiplier, 1);
  });

  it('ends at an instant, or at none', () => {
    for (const bad of ['soon', '2026-11-11', 0, '2026-99-11T18:15:00Z', {}]) assert.equal(of({ validUntil: bad }).validUntil, null);
    assert.equal(of({ validUntil: '2026-11-11T18:14:59.999Z' }).validUntil, '2026-11-11T18:14:59.999Z');
  });

  it('does not touch what objects are made of', () => {
    const document = JSON.parse('{"country":"NP","version":1,"colors":{"__proto__":"#ffffff"},"elements":{"__proto__":{"visible":true}}}');
    assert.deepEqual(copy(cleaned(document)), empty);
    assert.equal({}.visible, undefined);
  });
});

describe('its CSS', () => {
  it('has a property for each value', () => {
    const theme = of({ colors: { primary: '#f77f00', onPrimary: '#000000' }, dark: { primary: '#ffb703' }, images: { overlay: '/o.svg' },
      fonts: { heading: ['Mukta', 'ui-serif', 'serif'] }, logo: { image: '/l.svg', alt: '' } });
    assert.deepEqual(properties(theme), [['--hc-color-primary', '#f77f00'], ['--hc-color-on-primary', '#000000'],
      ['--hc-image-overlay', 'url("/o.svg")'], ['--hc-font-heading', '"Mukta", ui-serif, serif'], ['--hc-logo', 'url("/l.svg")']]);
    assert.deepEqual(properties(theme, true)[0], ['--hc-color-primary', '#ffb703']);
    assert.deepEqual(properties(theme, true)[1], ['--hc-color-on-primary', '#000000']);
  });

  it('has a class for each skin', () => {
    assert.deepEqual(skins(of({ skins: [{ name: 'marigold', background: '#f57c00', text: '#000000', border: '#111111', image: '/m.svg' }, { name: 'bare' }, { name: 'No' }, 'x'] })),
      [['hc-skin-marigold', [['background-color', '#f57c00'], ['color', '#000000'], ['border-color', '#111111'], ['background-image', 'url("/m.svg")']]],
        ['hc-skin-bare', []]]);
  });
});

describe('the package', () => {
  it('is a few kilobytes', () => {
    const served = gzipSync(readFileSync(process.env.THEME_CLIENT), { level: 9 }).length;
    assert.ok(served <= 4096, `${served} bytes`);
    assert.ok(Buffer.byteLength(text_of('boot.js')) <= 1024);
  });

  it('has the version of the project, and no dependencies', () => {
    const { version, dependencies, files } = JSON.parse(text_of('package.json'));
    assert.equal(version, process.env.HOTCLOCK_VERSION);
    assert.equal(dependencies, undefined);
    for (const file of files) assert.ok(text_of(file).length > 0, file);
  });

  it('tells how to allow the snippet by its hash', () => {
    const hash = createHash('sha256').update(text_of('boot.js')).digest('base64');
    assert.ok(text_of('README.md').includes(`'sha256-${hash}'`), hash);
  });

  it('declares what it exports', () => {
    for (const [, name] of text_of('theme.js').matchAll(/^export (?:class|function) (\w+)/gm))
      assert.match(text_of('theme.d.ts'), new RegExp(`export (class|function) ${name}\\b`));
  });
});
