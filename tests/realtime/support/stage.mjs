// What a test raises comes down again in the other order, whatever became of it.
import { after } from 'node:test';

export function curtain() {
  const open = [];
  const fall = async () => {
    const wrong = [];
    while (open.length > 0) {
      try { await open.pop()(); } catch (error) { wrong.push(error); }
    }
    if (wrong.length > 0) throw wrong[0];
  };
  after(fall);
  // Something, and what ends it.
  return (thing, end) => { open.push(() => end(thing)); return thing; };
}
