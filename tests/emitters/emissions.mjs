// What is published: each is heard through the adapter exactly as from a server in Node that emits itself.
import { twenty } from './support/stage.mjs';

const nested = { z: 1, a: { list: [1, -2, 3.5, 1e21, 0.1, null, true, false, ''], 'ключ': 'значение' }, m: [[[]], {}] };
const bytes = Buffer.from([0, 1, 2, 253, 254, 255]);
const many = (count) => Array.from({ length: count }, (_, i) => ({ id: i, name: `viewer ${i}`, half: i / 2 }));

export const emissions = [
  ['a text to everybody', { args: ['news', 'hello'] }],
  ['an event alone', { args: ['ping-all'] }],
  ['several arguments', { args: ['many', 1, 'two', [3], { four: 4 }, null, true] }],
  ['nested JSON', { args: ['nested', nested] }],
  ['numbers at the edges', { args: ['numbers', 0, -1, 127, 128, 255, 256, 65535, 65536, 4294967296, -2147483649, 9007199254740991, -9007199254740991, 5e-324, 1.7976931348623157e308, 0.1] }],
  ['characters of all kinds', { args: ['text', '\u0000\u001e\u2028 "quoted" \\ \n ünï 漢字 🎉', { '\u2029': '\u007f' }] }],
  ['binary', { args: ['blob', bytes] }],
  ['binary inside', { args: ['blobs', { a: { b: [bytes, Buffer.alloc(0), Buffer.alloc(300, 7)] }, text: 'x' }, bytes] }],
  ['large binary', { args: ['blob', Buffer.alloc(100_000, 'binary')] }],
  ['much JSON', { args: ['viewers', many(2000)] }],
  ['a long text', { args: ['text', 'x'.repeat(70_000)] }],
  ['a long text of wide characters', { args: ['text', '漢'.repeat(3000)] }],
  ['to one room', { rooms: ['red'], args: ['news', 'red'] }],
  ['to one room, binary', { rooms: ['red'], args: ['news', bytes] }],
  ['to a room with a colon', { rooms: ['stream:17'], args: ['news', '17'] }],
  ['to a room of twenty characters', { rooms: [twenty], args: ['news', 'twenty'] }],
  ['to a room that nobody is in', { rooms: ['empty'], args: ['news', 'nobody'] }],
  ['to several rooms, once to each', { rooms: ['red', 'blue', 'stream:17'], args: ['news', 'several'] }],
  ['to one room named twice', { rooms: ['red', 'red'], args: ['news', 'twice'] }],
  ['to all but one room', { except: ['blue'], args: ['news', 'not blue'] }],
  ['to a room but one', { rooms: ['red'], except: ['blue'], args: ['news', 'red, not blue'] }],
  ['volatile', { flags: { volatile: true }, args: ['news', 'volatile'] }],
  ['not compressed', { flags: { compress: false }, args: ['news', 'plain'] }],
  ['in a namespace', { nsp: '/streams', args: ['news', 'admin'] }],
  ['in a room of a namespace', { nsp: '/streams', rooms: ['red'], args: ['news', 'red admin'] }],
  ['in a namespace, binary', { nsp: '/streams', rooms: ['red'], args: ['news', bytes] }],
  ['five equal ones at once', { tx: 5, args: ['news', 'the same'] }],
  ['three equal binary ones at once', { tx: 3, args: ['news', bytes] }],
];

export const moves = [
  ['join', { op: 'join', rooms: ['blue'], target: ['green', 'gold'] }],
  ['join of everybody', { op: 'join', target: ['all'] }],
  ['join in a namespace', { op: 'join', nsp: '/streams', rooms: ['red'], target: ['green'] }],
  ['join but one', { op: 'join', rooms: ['red'], except: ['blue'], target: ['lone'] }],
  ['leave', { op: 'leave', rooms: ['blue'], target: ['green', 'red'] }],
  ['leave in a namespace', { op: 'leave', nsp: '/streams', target: ['red', 'nowhere'] }],
  ['leave of many rooms', { op: 'leave', target: Array.from({ length: 400 }, (_, i) => `some room or other, number ${i}`).concat('gold') }],
];
