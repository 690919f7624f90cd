import { describe, expect, it } from 'vitest';
import { contrast, full, told } from './colours';
import { bars, instantOf, localIn, monthsOf, standingOf, zoneOf } from './dates';
import { at, bodyOf, differences, draftOf, merged, moreOf, nowhere, ofMore } from './draft';

describe('dates', () => {
  it('are read and written on the walls of a zone', () => {
    expect(localIn('2026-11-24T18:15:00Z', 'Asia/Kathmandu')).toBe('2026-11-25T00:00');
    expect(localIn('2026-11-29T18:14:59.999Z', 'Asia/Kathmandu')).toBe('2026-11-29T23:59:59.999');
    expect(instantOf('2026-11-25T00:00', 'Asia/Kathmandu')).toBe('2026-11-24T18:15:00Z');
    expect(instantOf('2026-11-29T23:59:59.999', 'Asia/Kathmandu')).toBe('2026-11-29T18:14:59.999Z');
    expect(instantOf('', 'UTC')).toBe('');
    expect(localIn('tomorrow', 'UTC')).toBe('');
  });
  it('are the first of two where clocks go back, and are something where they leave one out', () => {
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00Z');
    expect(instantOf('2026-03-29T02:30', 'Europe/Berlin')).toMatch(/^2026-03-29T0[01]:30:00Z$/);
  });
  it('are meant in the zone where a festival starts with a day', () => {
    expect(zoneOf({ country: 'GLOBAL', startsAt: '2026-01-25T14:00:00Z' })).toBe('UTC');
    expect(zoneOf({ country: '', startsAt: '' })).toBe('UTC');
  });
  it('say how a festival stands, its last instant being one of it', () => {
    const one = { startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-11-02T00:00:00Z' };
    expect(standingOf(one, Date.parse(one.startsAt) - 1)).toBe('coming');
    expect(standingOf(one, Date.parse(one.endsAt))).toBe('running');
    expect(standingOf(one, Date.parse(one.endsAt) + 1)).toBe('over');
  });
  it('lie beside each other where they overlap', () => {
    const one = (from: string, to: string) => ({ startsAt: `2026-${from}T00:00:00Z`, endsAt: `2026-${to}T00:00:00Z` });
    const laid = bars([one('03-01', '03-09'), one('03-05', '03-20'), one('04-01', '04-02'), one('01-01', '01-02')], Date.parse('2026-02-01'), Date.parse('2026-12-01'));
    expect(laid.map((bar) => bar.lane)).toEqual([0, 1, 0]);
  });
  it('have months that begin between two instants', () => {
    expect(monthsOf(Date.parse('2026-10-12'), Date.parse('2027-01-01T00:00:01Z')).map((one) => one.name)).toEqual(['Nov', 'Dec', 'Jan']);
    expect(monthsOf(Date.parse('2026-10-01'), Date.parse('2026-11-01'))).toEqual([{ at: Date.parse('2026-10-01'), name: 'Oct' }]);
  });
});

describe('colours', () => {
  it('have a contrast', () => {
    expect(contrast('#000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 2);
    expect(contrast('red', '#fff')).toBeNull();
    expect(full('#fa0')).toBe('#ffaa00');
  });
  it('are filled in where a ground has no text', () => {
    expect(told(['primary', 'onPrimary'], { primary: '#b3261e' })).toMatchObject({ text: '#ffffff', filled: true });
    expect(told(['background', 'text'], { background: '#1a0f0a' }, { background: '#fff', text: '#222222' }).text).toBe('#ffffff');
    expect(told(['background', 'text'], {}, { background: '#fff', text: '#222222' })).toMatchObject({ text: '#222222', filled: false });
    expect(told(['surface', 'onSurface'], {}).ratio).toBeNull();
  });
});

const festival = {
  id: '3', name: 'Tihar', type: 'cultural', country: 'NP', priority: 10, startsAt: '2026-11-24T18:15:00Z', endsAt: '2026-11-29T18:14:59.999Z', active: false,
  theme: { name: 'tihar', colors: { primary: '#b3261e' }, logo: { image: '/l.svg', alt: 'T' } }, skins: ['marigold', { name: 'kite', text: '#fff', background: '#000' }],
  bonuses: { giftMultiplier: 2 }, gifts: ['Rose'], revision: 'r',
};

describe('a draft', () => {
  it('is the festival that it was made of', () => {
    const { id: _, active: __, revision: ___, ...written } = festival;
    expect(bodyOf(draftOf(festival))).toEqual(written);
    expect(bodyOf(draftOf({ theme: null, skins: null, bonuses: null }))).toMatchObject({ theme: {}, skins: [], bonuses: {} });
  });
  it('says what is otherwise', () => {
    const draft = draftOf(festival);
    draft.theme.colors.primary = '#000000';
    draft.gifts = 'Rose\n Diyo \n';
    expect(differences(bodyOf(draftOf(festival)), bodyOf(draft))).toEqual([
      { where: 'theme.colors.primary', before: '#b3261e', after: '#000000' }, { where: 'gifts', before: '["Rose"]', after: '["Rose","Diyo"]' },
    ]);
  });
  it('is laid on what somebody else changed meanwhile', () => {
    const base = { name: 'a', priority: 1, gifts: [] };
    const { body, both } = merged(base, { ...base, name: 'mine', priority: 2 }, { ...base, name: 'theirs', gifts: ['Rose'] });
    expect(body).toEqual({ name: 'mine', priority: 2, gifts: ['Rose'] });
    expect(both).toEqual(['name']);
  });
  it('keeps a number that is none as it was typed, so that the server says so', () => {
    const draft = draftOf(festival);
    draft.bonuses.giftMultiplier = 'two';
    expect(bodyOf(draft).bonuses).toEqual({ giftMultiplier: 'two' });
    expect(moreOf('{"logo":')).toBeNull();
    expect(moreOf('[]')).toBeNull();
    expect(moreOf(' ')).toEqual({});
  });
  it('has each mistake at one field', () => {
    const wrong = ['', 'name', 'theme.colors.primary', 'theme.logo.image', 'skins[1].text', 'skinz'].map((where) => ({ where, what: 'is wrong', right: '' }));
    expect(at(wrong, 'skins[1]')).toHaveLength(1);
    expect(at(wrong, 'skins[10]')).toHaveLength(0);
    expect(nowhere(wrong).map((one) => one.where)).toEqual(['', 'skinz']);
    expect(ofMore(wrong).map((one) => one.where)).toEqual(['theme.logo.image']);
  });
});
