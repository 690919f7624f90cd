import { expect, test } from 'vitest';
import { lines, within } from './ansi';

const esc = '\u001b';
// "red:it; plain" of a line; lines apart by "|".
const shown = (text: string) => lines(text).map(({ runs }) => runs.map((one) => (one.look ? `${one.look}:${one.text}` : one.text)).join(' ')).join('|');

test('colours and weights become looks, and the text is what is read', () => {
  expect(shown(`${esc}[31mred${esc}[0m plain ${esc}[1;4;94mloud${esc}[m.`)).toBe('red:red  plain  blue bright bold underlined:loud .');
  expect(lines(`${esc}[31mred${esc}[0m\r\nplain\n`).map((one) => one.text)).toEqual(['red', 'plain']);
  expect(lines('')).toEqual([{ text: '', runs: [] }]);
});

test('each is taken back by its own, and all by a reset, wherever it stands', () => {
  expect(shown(`${esc}[1;2;4;32ma${esc}[22mb${esc}[24mc${esc}[39md`)).toBe('green bold dim underlined:a green underlined:b green:c d');
  expect(shown(`${esc}[31;1ma${esc}[0;33mb${esc}[;4mc${esc}[4:0md`)).toBe('red bold:a yellow:b underlined:c d');
  expect(shown(`${esc}[31m${esc}[0m${esc}[0mnothing`)).toBe('nothing');
});

test('a look lasts over lines until it is changed', () => {
  expect(shown(`${esc}[36mone\n\ntwo${esc}[0m\nthree`)).toBe('cyan:one||cyan:two|three');
});

test('what comes again in the same look is one run', () => {
  expect(lines(`${esc}[31ma${esc}[31mb${esc}[Kc`)[0]?.runs).toEqual([{ text: 'abc', look: 'red' }]);
});

test('of more colours the nearest of the sixteen is shown; what follows is not mistaken for codes', () => {
  const of = (n: number) => shown(`${esc}[38;5;${n}mx`);
  expect([1, 9, 16, 21, 46, 124, 201, 208, 231, 232, 240, 250, 255].map(of)).toEqual(['red:x', 'red bright:x', 'black:x', 'blue bright:x', 'green bright:x',
    'red:x', 'magenta bright:x', 'yellow:x', 'white bright:x', 'black:x', 'black bright:x', 'white:x', 'white:x']);
  expect(of(900)).toBe('x');
  expect(shown(`${esc}[38;5;1;4mx`)).toBe('red underlined:x');
  expect(shown(`${esc}[38:5:2mx`)).toBe('green:x');
  expect(shown(`${esc}[38;2;250;10;4;1mx${esc}[38:2::0:200:9my`)).toBe('red bright bold:x green bold:y');
  expect(shown(`${esc}[32;48;5;31;58;2;1;2;4mx`)).toBe('green:x');
  expect(shown(`${esc}[41;103mx`)).toBe('x');
});

test('a sequence that the end cuts off is not shown', () => {
  for (const cut of [esc, `${esc}[`, `${esc}[3`, `${esc}[38;5;`, `${esc}]0;tit`, `${esc}(`]) expect(shown(`so far${cut}`)).toBe('so far');
  expect(shown(`so far${esc}[3` + '1mred')).toBe('so far red:red');
});

test('whatever else is for terminals goes', () => {
  expect(shown(`${esc}[2J${esc}[1;1H${esc}[?25la${esc}[K${esc}(Bb${esc}7c${esc}=d\u009b32me`)).toBe('abcd green:e');
  expect(shown(`${esc}]0;title\u0007a${esc}]8;;https://example.com${esc}\\link${esc}]8;;${esc}\\b${esc}Pq#0${esc}\\c`)).toBe('alinkbc');
});

test('garbage takes no more than itself', () => {
  expect(shown(`a${esc}[31é${esc}[3${esc}[32mb`)).toBe('aé green:b');
  expect(shown(`a${esc}]never ended\nb`)).toBe('a|b');
  expect(shown(`${esc}[>4ma${esc}[999mb${esc}[;;;mc${esc}[38md${esc}[38;5me`)).toBe('abcde');
  expect(shown('[31mnot one')).toBe('[31mnot one');
  expect(lines(`${esc}[1m`.repeat(100_000))).toHaveLength(1);
});

test('a part of a line keeps its looks', () => {
  const [line] = lines(`plain ${esc}[31mred${esc}[32mgreen`);
  expect(within(line?.runs ?? [], 4, 11)).toEqual([{ text: 'n ', look: '' }, { text: 'red', look: 'red' }, { text: 'gr', look: 'green' }]);
  expect(within(line?.runs ?? [], 3, 3)).toEqual([]);
});
